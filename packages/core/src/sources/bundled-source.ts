import { type ByteSource, blobSource } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { plainUrl } from '../hub/source-key.ts'
import { type HttpOptions, statusError, withRetries } from './http.ts'
import { UrlSource } from './url-source.ts'

/** Most bytes of a file that is read whole: it lies in memory once more than it must. */
const MAX_WHOLE_BYTES = 64 << 20

/**
 * A small model that an app brings along. Its own server may be the plainest of all: one that knows no ranges is asked for the
 * whole file.
 * @throws SampanError as `UrlSource.open`, and `range-unsupported` for a file too large to be read whole
 */
export async function openBundled(url: string, name: string, options: HttpOptions): Promise<ByteSource> {
  try {
    return await UrlSource.open(url, options)
  } catch (error) {
    if (!SampanError.isInstance(error) || error.code !== 'range-unsupported') throw error
    return blobSource(await readWhole(url, options, error), name)
  }
}

function readWhole(url: string, options: HttpOptions, tooLarge: SampanError): Promise<Blob> {
  return withRetries(
    async (connection) => {
      const response = await connection.fetch(url)
      if (!response.ok) throw statusError(plainUrl(url), response.status, response.headers)
      const parts: Uint8Array<ArrayBuffer>[] = []
      let length = 0
      await connection.readBody(response, (bytes) => {
        length += bytes.length
        if (length > MAX_WHOLE_BYTES) throw tooLarge
        parts.push(bytes)
      })
      return new Blob(parts)
    },
    () => 0,
    options,
  )
}
