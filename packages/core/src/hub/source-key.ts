import type { ModelSource } from '../backend.ts'
import type { HubDescription } from './hubs.ts'

/** `RemoteModel.key`: known without asking anybody, so that what is stored is found offline. */
export function sourceKey(
  source: Extract<ModelSource, { readonly kind: 'hub' | 'url' }>,
  { base }: Pick<HubDescription, 'base'>,
): string {
  if (source.kind === 'url') return plainUrl(source.url) + queryMark(source.url)
  const { repository, revision, file } = source
  return `${base}/${repository}@${revision}${file === undefined ? '' : `:${file}`}`
}

/** A query may be a key, as in signed addresses: without it a URL may be shown and stored. */
export function plainUrl(url: string): string {
  const { origin, pathname, protocol, href } = new URL(url)
  // Of other schemes than http the origin is "null".
  return /^https?:$/.test(protocol) ? origin + pathname : href.replace(/[?#].*$/s, '')
}

/** A query may be what says which file is meant: of it counts what tells one from another, and nothing that could be read back. */
export function queryMark(url: string): string {
  const { search } = new URL(url)
  return search === '' ? '' : `?${fnv1a(search)}`
}

/** The 64-bit FNV-1a hash (draft-eastlake-fnv), in hexadecimal digits. */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}
