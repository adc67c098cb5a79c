import type { ModelSource } from '../backend.ts'
import type { HubDescription } from './hubs.ts'

/** `RemoteModel.key`: known without asking anybody, so that what is stored is found offline. */
export function sourceKey(
  source: Extract<ModelSource, { readonly kind: 'hub' | 'url' }>,
  { base }: Pick<HubDescription, 'base'>,
): string {
  if (source.kind === 'url') return markedUrl(source.url)
  const { repository, revision, file } = source
  return `${base}/${repository}@${revision}${file === undefined ? '' : `:${file}`}`
}

/** A query may be a key, as in signed addresses: without it a URL may be shown and stored. */
export function plainUrl(url: string): string {
  const { origin, pathname, protocol, href } = new URL(url)
  // Of other schemes than http the origin is "null".
  return /^https?:$/.test(protocol) ? origin + pathname : href.replace(/[?#].*$/s, '')
}

/** What messages call an address, or a thing that has a name only. */
export function shownName(urlOrName: string): string {
  return URL.canParse(urlOrName) ? plainUrl(urlOrName) : urlOrName
}

/**
 * An address that may be kept. A query may be what says which file is meant: of it counts what tells one from another, and nothing that could be
 * read back, nor what only signs the address, which is another each time. What is marked stays as it is.
 */
export function markedUrl(url: string): string {
  // What a stranger's file calls so.
  if (!URL.canParse(url)) return url
  const { search } = new URL(url)
  return plainUrl(url) + (MARK.test(search) ? search : markOf(search))
}

const MARK = /^\?[0-9a-f]{16}$/
/** Of signed addresses: Amazon's, Google's and their imitators', CloudFront's, Alibaba's; then Azure's, which are so only beside `sig`. */
const SIGNATURE =
  /^(x-(amz|goog|oss|cos|obs)-.*|signature|expires|policy|key-pair-id|awsaccesskeyid|googleaccessid|ossaccesskeyid|auth_key)$/i
const AZURE = /^(s[vrpetkis]|sip|spr|ss|srt|sk(oid|tid|t|e|s|v)|sig)$/

function markOf(search: string): string {
  const parts = search.slice(1).split('&')
  const names = parts.map((part) => part.split('=', 1)[0] ?? '')
  const isAzure = names.includes('sig')
  const kept = parts.filter((_, index) => {
    const name = names[index] ?? ''
    return name !== '' && !SIGNATURE.test(name) && !(isAzure && AZURE.test(name))
  })
  return kept.length === 0 ? '' : `?${fnv1a(`?${kept.join('&')}`)}`
}

/** The 64-bit FNV-1a hash (draft-eastlake-fnv), in hexadecimal digits. */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}
