/** No request ever goes there. */
const BASE = 'https://adapters.sampan.invalid/'
const CACHE = 'sampan-adapters-1'

/** An adapter on this device. */
export interface StoredAdapter {
  readonly name: string
  readonly sha256?: string
  readonly revision?: string
  readonly config?: string
  readonly weights: Blob
}

type Description = Omit<StoredAdapter, 'weights'> & { readonly bytes: number }

/**
 * Adapters that were downloaded, in Cache Storage: they are small beside models, and needed whole. `key` is `sourceKey`'s, so that they are
 * found offline. Where there is no Cache Storage nothing is kept.
 */
export async function findStoredAdapter(key: string): Promise<StoredAdapter | undefined> {
  const cache = await openCache()
  const [described, weights] = await Promise.all([
    cache?.match(address(key, 'about')),
    cache?.match(address(key, 'weights')),
  ])
  if (!described || !weights) return undefined
  const { bytes, ...description }: Description = await described.json()
  const blob = await weights.blob()
  return blob.size === bytes ? { ...description, weights: blob } : undefined
}

/** The weights first: what is described is whole. A device that has no room for it keeps nothing. */
export async function storeAdapter(key: string, { weights, ...description }: StoredAdapter): Promise<void> {
  const cache = await openCache()
  try {
    await cache?.put(address(key, 'weights'), new Response(weights))
    await cache?.put(
      address(key, 'about'),
      Response.json({ ...description, bytes: weights.size } satisfies Description),
    )
  } catch {
    await cache?.delete(address(key, 'weights'))
  }
}

/** Bytes that adapters take on this device. */
export async function storedAdapterBytes(): Promise<number> {
  const cache = await openCache()
  const requests = (await cache?.keys()) ?? []
  const sizes = requests.map(async (request) => (await (await cache?.match(request))?.blob())?.size ?? 0)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Deletes those with this name, or all. True when there were some. */
export async function deleteStoredAdapters(name?: string): Promise<boolean> {
  const { caches }: { readonly caches?: CacheStorage } = globalThis
  if (name === undefined) return (await caches?.delete(CACHE)) ?? false
  const cache = await openCache()
  let found = false
  for (const request of (await cache?.keys()) ?? []) {
    if (!request.url.endsWith('/about')) continue
    const described: Description | undefined = await (await cache?.match(request))?.json()
    if (described?.name !== name) continue
    // What describes it first: weights alone are nothing.
    await cache?.delete(request)
    await cache?.delete(request.url.replace(/about$/, 'weights'))
    found = true
  }
  return found
}

/** Undefined in pages that are no secure contexts, and in private windows of some browsers. */
async function openCache(): Promise<Cache | undefined> {
  const { caches }: { readonly caches?: CacheStorage } = globalThis
  return caches?.open(CACHE).catch(() => undefined)
}

const address = (key: string, part: 'about' | 'weights'): string => `${BASE}${encodeURIComponent(key)}/${part}`
