import { crc32c } from '@sampan/engine'
import type { CachedModel } from '../cache/cache-types.ts'

/** No request ever goes there. */
const BASE = 'https://adapters.sampan.invalid/'
const CACHE = 'sampan-adapters-1'

/** An adapter on this device. */
export interface StoredAdapter {
  readonly name: string
  readonly sha256?: string
  readonly revision?: string
  readonly config?: string
  /** What it says it was trained on. */
  readonly base?: string
  readonly weights: Blob
}

/** `crc`: CRC-32C of the weights. `stored`: ISO 8601. */
type Description = Omit<StoredAdapter, 'weights'> & {
  readonly bytes: number
  readonly crc: number
  readonly stored?: string
}

/** How much of the weights is looked at together. */
const PIECE_BYTES = 4 << 20

/**
 * Adapters that were downloaded, in Cache Storage: they are small beside models, and needed whole. `key` is `sourceKey`'s, so that they are
 * found offline. Where there is no Cache Storage nothing is kept. What has changed since it was stored is deleted, and is not found.
 */
export async function findStoredAdapter(key: string): Promise<StoredAdapter | undefined> {
  const cache = await openCache()
  const [described, weights] = await Promise.all([
    cache?.match(address(key, 'about')),
    cache?.match(address(key, 'weights')),
  ])
  if (!cache || !described || !weights) return undefined
  const description = readDescription(await described.text())
  const blob = await weights.blob()
  if (description?.bytes === blob.size && (await checksum(blob)) === description.crc) {
    const { bytes: _, crc: __, stored: ___, ...told } = description
    return { ...told, weights: blob }
  }
  await deleteEntry(cache, key)
  return undefined
}

/** The weights first: what is described is whole. A device that has no room for it keeps nothing. */
export async function storeAdapter(key: string, { weights, ...description }: StoredAdapter): Promise<void> {
  const cache = await openCache()
  try {
    await cache?.put(address(key, 'weights'), new Response(weights))
    await cache?.put(
      address(key, 'about'),
      Response.json({
        ...{ ...description, bytes: weights.size, crc: await checksum(weights), stored: new Date().toISOString() },
      } satisfies Description),
    )
  } catch {
    if (cache) await deleteEntry(cache, key)
  }
}

/** Bytes that adapters take on this device. */
export async function storedAdapterBytes(): Promise<number> {
  const cache = await openCache()
  const requests = (await cache?.keys()) ?? []
  const sizes = requests.map(async (request) => (await (await cache?.match(request))?.blob())?.size ?? 0)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** All of them; nothing of the weights is read. */
export async function listStoredAdapters(): Promise<readonly CachedModel[]> {
  const cache = await openCache()
  const found: CachedModel[] = []
  for (const key of await keysOf(cache)) {
    const described = readDescription((await (await cache?.match(address(key, 'about')))?.text()) ?? '')
    if (!described) continue
    const { name, sha256, base, revision, bytes, config, stored } = described
    found.push({
      ...{ id: sha256 ?? key, name, keys: [key], state: 'complete', bytes: bytes + (config?.length ?? 0) },
      form: { kind: 'adapter', ...(base !== undefined && { base }) },
      changed: stored ?? new Date(0).toISOString(),
      ...(revision !== undefined && { revision }),
    })
  }
  return found
}

/** Deletes those that `isIt`, or all. True when there were some. */
export async function deleteStoredAdapters(isIt?: (adapter: CachedModel) => boolean): Promise<boolean> {
  const { caches }: { readonly caches?: CacheStorage } = globalThis
  if (!isIt) return (await caches?.delete(CACHE)) ?? false
  const cache = await openCache()
  const keys = (await listStoredAdapters()).filter(isIt).flatMap((adapter) => adapter.keys)
  for (const key of keys) if (cache) await deleteEntry(cache, key)
  return keys.length > 0
}

/** Of what is described. */
async function keysOf(cache: Cache | undefined): Promise<readonly string[]> {
  const urls = ((await cache?.keys()) ?? []).map(({ url }) => url)
  return urls.flatMap((url) => {
    const [, key] = /\/([^/]*)\/about$/.exec(url) ?? []
    return key === undefined ? [] : [decodeURIComponent(key)]
  })
}

async function checksum(weights: Blob): Promise<number> {
  let crc = 0
  for (let at = 0; at < weights.size; at += PIECE_BYTES)
    crc = crc32c(new Uint8Array(await weights.slice(at, at + PIECE_BYTES).arrayBuffer()), crc)
  return crc
}

/** Undefined for what is none: other scripts of this origin may write there. */
function readDescription(text: string): Description | undefined {
  const described = parsed(text)
  if (typeof described !== 'object' || described === null) return undefined
  const fields: Partial<Record<keyof Description, unknown>> = described
  const { name, bytes, crc, sha256, revision, config, base, stored } = fields
  if (typeof name !== 'string' || typeof bytes !== 'number' || typeof crc !== 'number') return undefined
  if (!isOptionalText(sha256) || !isOptionalText(revision) || !isOptionalText(config)) return undefined
  if (!isOptionalText(base) || !isOptionalText(stored)) return undefined
  return {
    ...{ name, bytes, crc },
    ...(sha256 !== undefined && { sha256 }),
    ...(revision !== undefined && { revision }),
    ...(config !== undefined && { config }),
    ...(base !== undefined && { base }),
    ...(stored !== undefined && { stored }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isOptionalText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'

/** What describes it first: weights alone are nothing. */
async function deleteEntry(cache: Cache, key: string): Promise<void> {
  await cache.delete(address(key, 'about'))
  await cache.delete(address(key, 'weights'))
}

/** Undefined in pages that are no secure contexts, and in private windows of some browsers. */
async function openCache(): Promise<Cache | undefined> {
  const { caches }: { readonly caches?: CacheStorage } = globalThis
  return caches?.open(CACHE).catch(() => undefined)
}

const address = (key: string, part: 'about' | 'weights'): string => `${BASE}${encodeURIComponent(key)}/${part}`
