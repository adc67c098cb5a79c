import type { Page } from 'playwright'
import type { ChatCompletionRequest } from '../chat/chat-types.ts'

/** What a reader of a stream saw. */
export interface Answer {
  readonly text: string
  readonly chunks: number
  readonly finish: string | undefined
  readonly usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | undefined
  readonly error: { name: string; code?: string; details?: Record<string, unknown> } | undefined
}

/** Chunks of text after which the reader leaves the loop, or aborts. */
export interface Leaving {
  readonly leaveAfter?: number
  readonly abortAfter?: number
}

/**
 * Asks the model that a test has put on its page as `model`, streaming and greedy: hello, unless the request says more. The page's
 * `chunks` tells how many chunks of text have come.
 */
export function askModel(
  page: Page,
  request: Partial<ChatCompletionRequest>,
  { leaveAfter = 1e9, abortAfter = 1e9 }: Leaving = {},
): Promise<Answer> {
  return page.evaluate(
    async ({ request, leaveAfter, abortAfter }) => {
      const { model }: { model: import('../load/model.ts').Model } = Object(globalThis)
      const controller = new AbortController()
      const messages = [{ role: 'user', content: 'Hello' } as const]
      let [text, chunks]: [string, number] = ['', 0]
      Object.assign(globalThis, { chunks })
      let finish: string | undefined
      let usage: Answer['usage']
      try {
        const stream = await model.chat.completions.create(
          { messages, temperature: 0, stream_options: { include_usage: true }, ...request, stream: true },
          { signal: controller.signal },
        )
        for await (const chunk of stream) {
          const [choice] = chunk.choices
          if (choice?.delta.content) {
            text += choice.delta.content
            chunks++
            Object.assign(globalThis, { chunks })
          }
          finish = choice?.finish_reason ?? finish
          usage = chunk.usage ?? usage
          if (chunks >= leaveAfter) break
          if (chunks >= abortAfter) controller.abort(new DOMException('enough', 'AbortError'))
        }
      } catch (error) {
        const { name, code, details } = Object(error)
        return { text, chunks, finish, usage, error: { name, code, details } }
      }
      return { text, chunks, finish, usage, error: undefined }
    },
    { request, leaveAfter, abortAfter },
  )
}
