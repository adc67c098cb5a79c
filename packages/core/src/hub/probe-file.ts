import { type Connection, statusError, TransientFailure, withRetries } from '../sources/http.ts'
import type { HubContext } from './hub-context.ts'
import { plainUrl } from './source-key.ts'

/** As many bytes as tell what a file is. */
const PROBE_BYTES = 4

/** What is known of a file after asking for its first bytes. */
export interface ProbedFile {
  readonly status: number
  readonly size?: number
  /** Strong ones only; where there is none, `modified` and when that was (`Last-Modified`, which pages may always read). */
  readonly etag?: string
  /** A web page, as servers send it in place of a file that they do not have or do not give. */
  readonly isPage: boolean
  readonly bytes: Uint8Array
}

/**
 * Asks for the first four bytes of a file; of one that comes without ranges it reads no more, either.
 * @throws SampanError `source-unavailable`, `network-failed`; a refusal (4xx) is an answer, and so is 416, of an empty file
 */
export function probeFile(url: string, { network, signal, firstPauseMs }: HubContext): Promise<ProbedFile> {
  const options = { network, signal, name: plainUrl(url), ...(firstPauseMs !== undefined && { firstPauseMs }) }
  return withRetries(
    async (connection) => {
      const response = await connection.fetch(url, { Range: `bytes=0-${PROBE_BYTES - 1}` })
      const { status } = response
      const error = response.ok ? undefined : statusError(plainUrl(url), status, response.headers)
      if (error instanceof TransientFailure) throw error
      return {
        status,
        isPage: /^(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? ''),
        ...sizeOf(response),
        ...etagOf(response),
        bytes: response.ok ? await firstBytes(connection, response) : new Uint8Array(),
      }
    },
    () => 0,
    options,
  )
}

class Enough extends Error {}

async function firstBytes(connection: Connection, response: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(PROBE_BYTES)
  let length = 0
  const take = (part: Uint8Array): void => {
    const taken = part.subarray(0, PROBE_BYTES - length)
    bytes.set(taken, length)
    length += taken.length
    if (length === PROBE_BYTES) throw new Enough()
  }
  try {
    await connection.readBody(response, take)
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  return bytes.slice(0, length)
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
