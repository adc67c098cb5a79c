import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart, SharedV4Warning } from '@ai-sdk/provider'
import type { ChatCompletionStream } from '../chat/completion-stream.ts'
import { usageOf } from './answer-facts.ts'
import { PartWriter } from './part-writer.ts'

/**
 * An answer as the AI SDK's stream parts. It is made as it is read, and cancelling stops the model. An error ends it as a part, an
 * abort with its reason.
 */
export function answerStream(
  chunks: ChatCompletionStream,
  warnings: SharedV4Warning[],
  { includeRawChunks = false, abortSignal }: Pick<LanguageModelV4CallOptions, 'includeRawChunks' | 'abortSignal'>,
): ReadableStream<LanguageModelV4StreamPart> {
  const iterator = chunks[Symbol.asyncIterator]()
  const writer = new PartWriter()
  let cancelled = false

  /** Parts of the next chunk; undefined at the end. */
  async function next(): Promise<LanguageModelV4StreamPart[] | undefined> {
    const { done, value } = await iterator.next()
    if (done) return undefined
    const parts = writer.write(value)
    return includeRawChunks ? [{ type: 'raw', rawValue: value }, ...parts] : parts
  }

  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      start: (controller) => controller.enqueue({ type: 'stream-start', warnings }),
      async pull(controller) {
        try {
          let parts = await next()
          while (parts?.length === 0) parts = await next()
          if (cancelled) return
          for (const part of parts ?? []) controller.enqueue(part)
          if (!parts) controller.close()
        } catch (error) {
          if (cancelled || abortSignal?.aborted) throw error
          controller.enqueue({ type: 'error', error })
          controller.enqueue({
            type: 'finish',
            finishReason: { unified: 'error', raw: undefined },
            usage: usageOf(undefined),
          })
          controller.close()
        }
      },
      async cancel() {
        cancelled = true
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
