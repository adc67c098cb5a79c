import { type Connection, statusError, TransientFailure, withRetries } from '../sources/http.ts'
import { MAX_TEXT_BYTES, textTooLong } from '../sources/model-folder.ts'
import { HEADER_LENGTH_BYTES } from '../sources/open-head.ts'
import { URL_BLOCK_BYTES } from '../sources/url-source.ts'
import type { HubContext } from './hub-context.ts'
import { plainUrl } from './source-key.ts'

/** Of what is sent in place of a file. */
const MAX_PAGE_BYTES = 64 << 10

/** So that the reader of a header asks for no more, these are the bytes that it will begin with. */
export const probeBytes = { gguf: URL_BLOCK_BYTES, safetensors: HEADER_LENGTH_BYTES, text: 1 } as const

/** What is known of a file after asking for its first bytes, or for all of it. */
export interface ProbedFile {
  readonly status: number
  readonly size?: number
  /** Strong ones only; where there is none, `modified` and when that was (`Last-Modified`, which pages may always read). */
  readonly etag?: string
  /** A web page, as servers send it in place of a file that they do not have or do not give. */
  readonly isPage: boolean
  readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * Asks for the first `wanted` bytes of a file, or all of a small one; of one that comes without ranges it reads no more, either.
 * @throws SampanError `source-unavailable`, `network-failed`; a refusal (4xx) is an answer, and so is 416, of an empty file
 */
export function probeFile(
  url: string,
  { network, signal, firstPauseMs }: HubContext,
  wanted: number | 'whole',
): Promise<ProbedFile> {
  const options = { network, signal, name: plainUrl(url), ...(firstPauseMs !== undefined && { firstPauseMs }) }
  return withRetries(
    async (connection) => {
      const response = await connection.fetch(url, wanted === 'whole' ? {} : { Range: `bytes=0-${wanted - 1}` })
      const { status } = response
      const error = response.ok ? undefined : statusError(plainUrl(url), status, response.headers)
      if (error instanceof TransientFailure) throw error
      const isPage = /^(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '')
      const most = isPage || !response.ok ? MAX_PAGE_BYTES : wanted === 'whole' ? MAX_TEXT_BYTES + 1 : wanted
      const bytes = await bodyOf(connection, response, most)
      if (bytes.length > MAX_TEXT_BYTES) throw textTooLong(plainUrl(url))
      const size = response.ok && wanted === 'whole' ? { size: bytes.length } : sizeOf(response)
      return { status, isPage, ...size, ...etagOf(response), bytes }
    },
    () => 0,
    options,
  )
}

class Enough extends Error {}

/** As much of a body as is wanted. One that ends there is read to its end, so that it can be remembered. */
async function bodyOf(connection: Connection, response: Response, wanted: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const take = (part: Uint8Array<ArrayBuffer>): void => {
    parts.push(part.slice(0, wanted - length))
    length += part.length
    if (length > wanted || (length === wanted && response.status === 200)) throw new Enough()
  }
  try {
    await connection.readBody(response, take)
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

function sizeOf(response: Response): { readonly size?: number } {
  const { status, headers } = response
  const range = /\/(\d{1,15})$/.exec(headers.get('content-range') ?? '')?.[1]
  // Of a body that is unzipped on the way the length says nothing, and browsers do not tell which are.
  const length = status === 200 && !headers.has('content-encoding') ? headers.get('content-length') : undefined
  const size = Number(range ?? length ?? Number.NaN)
  return Number.isSafeInteger(size) ? { size } : {}
}

function etagOf({ headers }: Response): { readonly etag?: string } {
  const [etag, modified] = ['etag', 'last-modified'].map((name) => headers.get(name)?.slice(0, 200))
  if (etag?.startsWith('"')) return { etag }
  return modified ? { etag: `modified ${modified}` } : {}
}
