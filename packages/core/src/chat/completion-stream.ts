import { SampanError } from '../errors.ts'
import type { TextReceiver } from '../worker/text-receiver.ts'
import { type AnswerHead, deltaChunk, usageChunk } from './answer.ts'
import type { ChatCompletionChunk } from './chat-types.ts'

/** A stream that nobody can read any more stops its generation, so that the next request need not wait for it. */
const abandoned = new FinalizationRegistry<TextReceiver>((receiver) => receiver.cancel())

/**
 * An answer as it is made: chunks with text, one with `finish_reason`, and, where asked for, one with `usage`. To be iterated
 * once; leaving the loop stops the generation.
 */
export class ChatCompletionStream implements AsyncIterable<ChatCompletionChunk> {
  readonly #head: AnswerHead
  readonly #receiver: TextReceiver
  readonly #includeUsage: boolean
  #used = false

  /** @internal */
  constructor(head: AnswerHead, receiver: TextReceiver, includeUsage: boolean) {
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
    abandoned.unregister(this)
    return chunks(this.#head, this.#receiver, this.#includeUsage)
  }
}

async function* chunks(
  head: AnswerHead,
  receiver: TextReceiver,
  includeUsage: boolean,
): AsyncGenerator<ChatCompletionChunk, undefined> {
  try {
    yield deltaChunk(head, { role: 'assistant', content: '' })
    for (;;) {
      const part = await receiver.next()
      if (part.type === 'text') {
        yield deltaChunk(head, { content: part.text })
        continue
      }
      yield deltaChunk(head, {}, part.end.reason)
      if (includeUsage) yield usageChunk(head, part.end)
      return undefined
    }
  } finally {
    receiver.cancel()
  }
}
