import { plainUrl } from '../hub/source-key.ts'
import { type HttpOptions, statusError, withRetries } from './http.ts'
import { MAX_TEXT_BYTES, textTooLong } from './model-folder.ts'

/** A small file as text; undefined when the server has none (404, or a web page in its place). Servers zip these, so they are read whole. */
export function readText(url: string, signal: AbortSignal, options: HttpOptions = {}): Promise<string | undefined> {
  const name = plainUrl(url)
  return withRetries(
    async (connection) => {
      const response = await connection.fetch(url)
      // Many servers of apps answer with a page for whatever they do not have.
      const isPage = /^text\/html/i.test(response.headers.get('content-type') ?? '')
      if (response.status === 404 || (response.ok && isPage)) return undefined
      if (!response.ok) throw statusError(name, response.status, response.headers)
      const decoder = new TextDecoder()
      let length = 0
      let text = ''
      await connection.readBody(response, (bytes) => {
        length += bytes.length
        if (length > MAX_TEXT_BYTES) throw textTooLong(name)
        text += decoder.decode(bytes, { stream: true })
      })
      return text + decoder.decode()
    },
    () => 0,
    { ...options, name, signal },
  )
}
