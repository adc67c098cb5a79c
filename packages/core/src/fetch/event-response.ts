import { readableBytes } from '../chat/readable-bytes.ts'
import { errorBody } from './error-response.ts'

export function eventResponse<T>(items: AsyncIterator<T, undefined>, signal: AbortSignal | undefined): Response {
  return new Response(
    readableBytes(eventStream(items, signal), (event) => event),
    { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' } },
  )
}

/**
 * The items as server-sent events, and `[DONE]` after the last. An error becomes an event, the last one; only after an abort it is thrown,
 * since then nobody reads events any more.
 */
function eventStream<T>(
  items: AsyncIterator<T, undefined>,
  signal: AbortSignal | undefined,
): AsyncIterator<string, undefined> {
  let over = false
  return {
    async next() {
      if (over) return { done: true, value: undefined }
      try {
        const item = await items.next()
        if (!item.done) return event(JSON.stringify(item.value))
        over = true
        return event('[DONE]')
      } catch (error) {
        over = true
        signal?.throwIfAborted()
        return event(JSON.stringify(errorBody(error)))
      }
    },
    async return() {
      over = true
      await items.return?.()
      return { done: true, value: undefined }
    },
  }
}

function event(data: string): IteratorResult<string, undefined> {
  return { done: false, value: `data: ${data}\n\n` }
}
