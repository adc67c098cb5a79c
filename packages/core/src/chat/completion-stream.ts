import { SampanError } from '../errors.ts'
import type { AnswerReceiver } from '../worker/answer-receiver.ts'
import { type AnswerHead, deltaChunk, usage, usageChunk } from './answer.ts'
import type { ChatCompletionChunk } from './chat-types.ts'

/** A stream that nobody can read any more stops its generation, so that the next request need not wait for it. */
const abandoned = new FinalizationRegistry<AnswerReceiver>((receiver) => receiver.cancel())

/**
 * An answer as it is made: chunks with text, one with `finish_reason`, and `usage` where `ChatCompletionChunk` says. To be
 * iterated once; leaving the loop stops the generation.
 */
export class ChatCompletionStream implements AsyncIterable<ChatCompletionChunk> {
  readonly #head: AnswerHead
  readonly #receiver: AnswerReceiver
  readonly #includeUsage: boolean | undefined
  #used = false

  /** @internal */
  constructor(head: AnswerHead, receiver: AnswerReceiver, includeUsage: boolean | undefined) {
    this.#head = head
    this.#receiver = receiver
    this.#includeUsage = includeUsage
    abandoned.register(this, receiver, this)
  }

  /** @throws SampanError `stream-used` when called a second time. */
  [Symbol.asyncIterator](): AsyncIterator<ChatCompletionChunk, undefined> {
    if (this.#used)
      throw new SampanError('stream-used', 'A stream can be iterated once: keep its chunks, or ask for another answer.')
    this.#used = true
    const iterator = new ChunkIterator(this.#head, this.#receiver, this.#includeUsage)
    // From here on only the iterator can be read.
    abandoned.register(iterator, this.#receiver)
    abandoned.unregister(this)
    return iterator
  }
}

/** A generator's `return` does nothing before its first `next`, and waits for one that is under way: this one stops at once. */
class ChunkIterator implements AsyncIterableIterator<ChatCompletionChunk, undefined> {
  readonly #receiver: AnswerReceiver
  readonly #chunks: AsyncGenerator<ChatCompletionChunk, undefined>

  constructor(head: AnswerHead, receiver: AnswerReceiver, includeUsage: boolean | undefined) {
    this.#receiver = receiver
    this.#chunks = chunks(head, receiver, includeUsage)
  }

  next(): Promise<IteratorResult<ChatCompletionChunk, undefined>> {
    return this.#chunks.next()
  }

  return(): Promise<IteratorResult<ChatCompletionChunk, undefined>> {
    this.#receiver.cancel()
    return this.#chunks.return(undefined)
  }

  throw(error: unknown): Promise<IteratorResult<ChatCompletionChunk, undefined>> {
    this.#receiver.cancel()
    return this.#chunks.throw(error)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

async function* chunks(
  head: AnswerHead,
  receiver: AnswerReceiver,
  includeUsage: boolean | undefined,
): AsyncGenerator<ChatCompletionChunk, undefined> {
  try {
    yield deltaChunk(head, { role: 'assistant', content: '' })
    for (;;) {
      const part = await receiver.next()
      if (!part) return undefined
      if (part.type === 'part') {
        if (part.part.type === 'content') yield deltaChunk(head, { content: part.part.text })
        continue
      }
      const { reason } = part.end
      yield deltaChunk(head, {}, includeUsage === undefined ? { reason, usage: usage(part.end) } : { reason })
      if (includeUsage) yield usageChunk(head, part.end)
      return undefined
    }
  } finally {
    receiver.cancel()
  }
}
