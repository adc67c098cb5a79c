import { SampanError } from '../errors.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import type { Network } from '../network/network.ts'
import type { Patience } from '../network/patience.ts'
import { statusError, withRetries } from '../sources/http.ts'
import { MAX_TEXT_BYTES, textTooLong } from '../sources/model-folder.ts'

export interface FetchTextOptions {
  readonly network: Network
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
  /** Default: a few seconds' worth, as for what somebody waits for. */
  readonly patience?: Patience
}

/**
 * A small file of a model, whole, and what its hub says it is. Servers zip these, so that no ranges are asked for.
 * @throws SampanError `hash-mismatch` when it is another, twice
 */
export async function fetchText(file: RemoteFile, options: FetchTextOptions): Promise<Uint8Array<ArrayBuffer>> {
  for (let attempt = 1; ; attempt++) {
    const bytes = await fetchWhole(file, options, attempt > 1)
    if (await isWhatWasListed(file, bytes)) return bytes
    if (attempt > 1)
      throw new SampanError(
        'hash-mismatch',
        `${file.path} is not the file that ${new URL(file.url).host} lists: its content was changed on the way or at the server. Try again later, or take another copy of the model.`,
        { file: file.path },
      )
  }
}

function fetchWhole(
  { url, path }: RemoteFile,
  { network, signal, onBytes, patience }: FetchTextOptions,
  fresh: boolean,
) {
  return withRetries(
    async (connection) => {
      const response = await connection.fetch(url, {}, fresh ? { fresh } : {})
      if (!response.ok) throw statusError(url, response.status)
      const parts: Uint8Array<ArrayBuffer>[] = []
      let length = 0
      await connection.readBody(response, (bytes) => {
        length += bytes.length
        if (length > MAX_TEXT_BYTES) throw textTooLong(path)
        parts.push(bytes)
      })
      const whole = new Uint8Array(length)
      let at = 0
      for (const part of parts) {
        whole.set(part, at)
        at += part.length
      }
      onBytes(length)
      return whole
    },
    () => 0,
    { network, signal, ...(patience && { patience }) },
  )
}

/** By its digest where there is one, and where the browser gives digests. */
async function isWhatWasListed({ sha256, gitSha1 }: RemoteFile, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const { subtle } = globalThis.crypto
  if (!subtle) return true
  if (sha256 !== undefined) return sha256 === hex(await subtle.digest('SHA-256', bytes))
  if (gitSha1 === undefined) return true
  const prefix = new TextEncoder().encode(`blob ${bytes.length}\0`)
  const blob = new Uint8Array(prefix.length + bytes.length)
  blob.set(prefix)
  blob.set(bytes, prefix.length)
  return gitSha1 === hex(await subtle.digest('SHA-1', blob))
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
