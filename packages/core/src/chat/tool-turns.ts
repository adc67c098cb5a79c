import type { GenerationMessage } from '../backend.ts'
import { fieldInvalid } from './request-fields.ts'

/** Checks that calls of tools and their answers belong together: each call is answered once, right after the message that made it. */
export class ToolTurns {
  readonly #open = new Set<string>()
  #path = ''

  follow(message: GenerationMessage, path: string): void {
    if (message.role === 'tool') {
      if (!this.#open.delete(message.toolCallId))
        throw fieldInvalid(
          `${path}.tool_call_id`,
          `is ${JSON.stringify(message.toolCallId)}, which answers no open call of the assistant message before it`,
        )
      return
    }
    this.end()
    if (message.role !== 'assistant') return
    for (const { id } of message.toolCalls ?? []) this.#open.add(id)
    this.#path = path
  }

  /** No other message may come before all calls are answered. */
  end(): void {
    const [open] = this.#open
    if (open !== undefined)
      throw fieldInvalid(
        `${this.#path}.tool_calls`,
        `has the call ${JSON.stringify(open)}, which no tool message after it answers`,
      )
  }
}
