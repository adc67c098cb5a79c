import { type HttpOptions, statusError, withRetries } from './http.ts'
import { MAX_TEXT_BYTES, textTooLong } from './model-folder.ts'

/** A small file as text; undefined when the server has none (404). Servers zip these, so they are read whole. */
export function readText(url: string, signal: AbortSignal, options: HttpOptions = {}): Promise<string | undefined> {
  return withRetries(
    async (connection) => {
      const response = await connection.fetch(url)
      if (response.status === 404) return undefined
      if (!response.ok) throw statusError(url, response.status)
      const decoder = new TextDecoder()
      let length = 0
      let text = ''
      await connection.readBody(response, (bytes) => {
        length += bytes.length
        if (length > MAX_TEXT_BYTES) throw textTooLong(url)
        text += decoder.decode(bytes, { stream: true })
      })
      return text + decoder.decode()
    },
    () => 0,
    { ...options, signal },
  )
}
