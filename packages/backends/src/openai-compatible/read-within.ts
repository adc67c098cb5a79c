import { BackendError } from '../backend-error.ts'
import type { ServerAddress } from './server-address.ts'

/**
 * @param patience milliseconds without a byte, most
 * @throws BackendError `network-failed`
 */
export async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  patience: number,
  server: ServerAddress,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(server, patience)), patience)
  })
  try {
    return await Promise.race([reader.read(), silence])
  } catch (error) {
    throw BackendError.isInstance(error) ? error : cutOff(server, error)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The body of an answer as text, to its end or to where it is longer than `most` bytes.
 * @throws BackendError `network-failed`
 */
export async function readText(
  response: Response,
  most: number,
  patience: number,
  server: ServerAddress,
): Promise<{ readonly text: string; readonly complete: boolean }> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  while (reader && bytes <= most) {
    const { done, value } = await readWithin(reader, patience, server)
    if (done) break
    bytes += value.length
    text += decoder.decode(value, { stream: true })
  }
  reader?.cancel().catch(() => {})
  return { text: text + decoder.decode(), complete: bytes <= most }
}

export function cutOff(server: ServerAddress, cause?: unknown): BackendError {
  return new BackendError(
    'network-failed',
    `The connection to the server was lost before the answer was complete: ${server.baseUrl}. Ask again.`,
    { server: server.baseUrl },
    cause,
  )
}

export function tooSlow(server: ServerAddress, patience: number): BackendError {
  return new BackendError(
    'network-failed',
    `The server has sent nothing for ${patience / 1000} s: ${server.baseUrl}. Ask again later, use another backend, or allow more with patienceSeconds.`,
    { server: server.baseUrl, patienceSeconds: patience / 1000 },
  )
}
