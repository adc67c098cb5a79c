import { SampanError } from '../errors.ts'
import type { AnswerHead } from './answer.ts'
import { answerChunks } from './answer-chunks.ts'
import type { AnswerRun } from './answer-run.ts'
import type { ChatCompletionChunk } from './answer-types.ts'
import { readableBytes } from './readable-bytes.ts'
import { abandoned, RunIterator } from './run-iterator.ts'

/**
 * An answer as it is made: chunks with its parts, one with `finish_reason`, and `usage` where `ChatCompletionChunk` says. To be
 * iterated once; leaving the loop stops the generation.
 */
export class ChatCompletionStream implements AsyncIterable<ChatCompletionChunk> {
  /** Its `abort` ends the answer where it is: the loop then ends as if there were no more. */
  readonly controller = new AbortController()
  readonly #head: AnswerHead
  readonly #run: AnswerRun
  readonly #includeUsage: boolean | undefined
  #used = false

  /** @internal */
  constructor(head: AnswerHead, run: AnswerRun, includeUsage: boolean | undefined) {
    this.#head = head
    this.#run = run
    this.#includeUsage = includeUsage
    this.controller.signal.addEventListener('abort', () => run.cancel(), { once: true })
    abandoned.register(this, run, this)
  }

  /** @throws SampanError `stream-used` when called a second time. */
  [Symbol.asyncIterator](): AsyncIterator<ChatCompletionChunk, undefined> {
    if (this.#used)
      throw new SampanError('stream-used', 'A stream can be iterated once: keep its chunks, or ask for another answer.')
    this.#used = true
    // From here on only the iterator can be read.
    abandoned.unregister(this)
    return new RunIterator(this.#run, answerChunks(this.#head, this.#run, this.#includeUsage))
  }

  /**
   * The chunks as lines of JSON in UTF-8, as the `openai` package's `fromReadableStream` takes them. Uses the stream up; cancelling it
   * stops the generation.
   * @throws SampanError `stream-used` when the stream was iterated before.
   */
  toReadableStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return readableBytes(this[Symbol.asyncIterator](), (chunk) => `${JSON.stringify(chunk)}\n`)
  }
}
