import { SampanError } from '../errors.ts'
import { formatBytes } from '../format-bytes.ts'
import type { StoredModel } from './store-types.ts'

/** What is written besides the data, and what browsers take for themselves. */
const MARGIN_BYTES = 4 << 20
const MARGIN_SHARE = 1 / 256

/** What Chromium says to all sites that have this much or more, so that they do not know visitors by their disks. */
export const UNTOLD_BYTES = 10 * 2 ** 30

/** Bytes that this site may take and does take, as far as the browser tells. */
export interface Room {
  readonly quota: number
  readonly free: number
}

export async function readRoom(): Promise<Room | undefined> {
  const { navigator }: { navigator?: { readonly storage?: Partial<StorageManager> } } = globalThis
  const { quota, usage } = (await navigator?.storage?.estimate?.().catch(() => undefined)) ?? {}
  return quota === undefined || usage === undefined ? undefined : { quota, free: Math.max(0, quota - usage) }
}

/** With what is written besides. */
export function withMargin(bytes: number): number {
  return bytes + MARGIN_BYTES + Math.ceil(bytes * MARGIN_SHARE)
}

/** @throws SampanError `quota-exceeded` when the browser says that `bytes` more, with what goes with them, will not fit */
export async function checkRoom(bytes: number, models: () => Promise<readonly StoredModel[]>): Promise<void> {
  const room = await readRoom()
  const needed = withMargin(bytes)
  if (!room || room.free >= needed || room.free === UNTOLD_BYTES) return
  const free = `has ${formatBytes(room.free)} left for this site of ${formatBytes(room.quota)}, and the model needs`
  throw await noRoom(`The browser ${free} ${formatBytes(needed)}.`, needed, room, models)
}

/** When a browser has refused to let a file grow, whatever it had said before. */
export async function writingRefused(
  needed: number,
  models: () => Promise<readonly StoredModel[]>,
  cause?: unknown,
): Promise<SampanError> {
  const what = `The browser has no room for another ${formatBytes(needed)}: this site's share or the disk is full.`
  return noRoom(what, needed, await readRoom(), models, cause)
}

/** Whether a browser's error says that there is no more room. */
export function isNoRoom(error: unknown): boolean {
  if (!(error instanceof Error || error instanceof DOMException)) return false
  return /^(QuotaExceededError|NS_ERROR_DOM_QUOTA_REACHED|NS_ERROR_FILE_NO_DEVICE_SPACE)$/.test(error.name)
}

async function noRoom(
  what: string,
  needed: number,
  room: Room | undefined,
  models: () => Promise<readonly StoredModel[]>,
  cause?: unknown,
): Promise<SampanError> {
  const deletable = (await models().catch(() => [])).map(({ id, name, bytes }) => ({ id, name, bytes }))
  const used = deletable.reduce((sum, { bytes }) => sum + bytes, 0)
  const advice =
    used > 0
      ? `Models take ${formatBytes(used)} (see \`cache.list()\`): delete what is not needed, or take a smaller model.`
      : 'Free space on the disk, or take a smaller model.'
  const told = room?.free === UNTOLD_BYTES ? {} : room
  const details = { needed, ...told, used, deletable }
  return new SampanError('quota-exceeded', `${what} ${advice}`, details, { cause })
}
