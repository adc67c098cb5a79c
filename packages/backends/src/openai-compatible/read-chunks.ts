import { BackendError } from '../backend-error.ts'
import { EventParser } from './event-parser.ts'
import { explainError } from './explain-response.ts'
import { readWithin } from './read-within.ts'
import type { ServerAddress } from './server-address.ts'
import { objectIn } from './unknown-json.ts'

/** Milliseconds that the end of the stream may take after the end of the answer. */
const MOST_AFTER_DONE = 100

/**
 * The chunks of a streamed answer, up to its `[DONE]` or the end of the stream. Leaving the loop closes the connection.
 * @param patience milliseconds without a byte, most
 * @throws BackendError `network-failed`, `backend-failed`, or what the server says went wrong
 */
export async function* readChunks(
  body: ReadableStream<Uint8Array>,
  patience: number,
  server: ServerAddress,
): AsyncGenerator<unknown, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const parser = new EventParser()
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, patience, server)
      if (done) return
      for (const { type, data } of parser.push(decoder.decode(value, { stream: true }))) {
        if (data.trim() === '[DONE]') {
          // Read to its end a connection can be used again.
          await readWithin(reader, Math.min(patience, MOST_AFTER_DONE), server).catch(() => {})
          return
        }
        yield parseChunk(type, data, server)
      }
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

function parseChunk(type: string, data: string, server: ServerAddress): unknown {
  let chunk: unknown
  try {
    chunk = JSON.parse(data)
  } catch {
    // What JSON.parse says has a piece of the text in it.
    throw new BackendError(
      'backend-failed',
      `The server's stream has a chunk that is no JSON: it is no OpenAI-compatible server, or one that is broken. (${server.baseUrl})`,
      { server: server.baseUrl },
    )
  }
  const { error, object } = objectIn(chunk)
  if (type === 'error' || object === 'error' || (error !== undefined && error !== null))
    throw explainError(chunk, undefined, server)
  return chunk
}
