import { SampanError } from '../errors.ts'

/** Locks of a Worker that was ended, or that were given back just now, are free a moment later. */
const GRACE_MILLISECONDS = 1_000

/** Gives a lock back; a second call does nothing. A tab that ends gives back all of its own. */
export type Release = () => void

const downloadLock = (id: string): string => `sampan-download:${id}`
const readLock = (id: string): string => `sampan-use:${id}`

/**
 * Waits till no other tab downloads or repairs the model, and keeps them from it. Where a browser has no locks (insecure pages, which have
 * nothing to keep models in either) there is nothing to wait for.
 * @throws the signal's reason
 */
export function lockModel(id: string, signal?: AbortSignal): Promise<Release> {
  return holdLock(downloadLock(id), { mode: 'exclusive', ...(signal && { signal }) })
}

/** Whether `lockModel` would have to wait. False where a browser has no locks. */
export async function isLocked(id: string): Promise<boolean> {
  const { held = [] } = (await lockManager()?.query()) ?? {}
  return held.some(({ name }) => name === downloadLock(id))
}

/** Keeps the model from being deleted while it is read. Any number of tabs may. */
export function useModel(id: string): Promise<Release> {
  return holdLock(readLock(id), { mode: 'shared' })
}

/**
 * Does what nobody may read or write the model during.
 * @throws SampanError `model-in-use`
 */
export async function withModelAlone<T>(id: string, work: () => Promise<T>): Promise<T> {
  const releases: Release[] = []
  try {
    for (const name of [downloadLock(id), readLock(id)]) releases.push(await lockSoon(name, id))
    return await work()
  } finally {
    for (const release of releases) release()
  }
}

export function modelInUse(id: string, cause?: unknown): SampanError {
  return new SampanError(
    'model-in-use',
    'The model is being read, downloaded or written, here or in another tab of this site: dispose of it or close that tab, then try again.',
    { id },
    { cause },
  )
}

function lockManager(): LockManager | undefined {
  const { navigator }: { navigator?: { readonly locks?: LockManager } } = globalThis
  return navigator?.locks
}

/** @throws SampanError `model-in-use` */
async function lockSoon(name: string, id: string): Promise<Release> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(modelInUse(id)), GRACE_MILLISECONDS)
  try {
    return await holdLock(name, { mode: 'exclusive', signal: controller.signal })
  } finally {
    clearTimeout(timer)
  }
}

async function holdLock(name: string, options: LockOptions): Promise<Release> {
  options.signal?.throwIfAborted()
  const locks = lockManager()
  if (!locks) return () => {}
  return new Promise((resolve, reject) => {
    const hold = (): Promise<void> => new Promise((release) => resolve(() => release()))
    locks.request(name, options, hold).catch(reject)
  })
}
