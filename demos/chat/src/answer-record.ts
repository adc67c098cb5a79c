import type { AnswerDelta, ChatMessage, FunctionToolCall } from '@sampan/core'
import { isJsonObject } from './json-object.ts'

/** The true answer to every call: the API wants one before the next question. */
const notRun = JSON.stringify({ error: 'Not run: this page only shows calls, it has no such tool.' })

/** What the model said, put together from its deltas. */
export class AnswerRecord {
  #content = ''
  #hasThoughts = false
  readonly #calls = new Map<number, FunctionToolCall>()

  add({ content, reasoning_content, tool_calls, warnings }: AnswerDelta): void {
    this.#content += content ?? ''
    if (reasoning_content?.trim()) this.#hasThoughts = true
    for (const { index, id, function: part } of tool_calls ?? []) {
      const call = this.#calls.get(index)
      if (call) call.function.arguments += part.arguments
      else if (id !== undefined && part.name !== undefined)
        this.#calls.set(index, { id, type: 'function', function: { name: part.name, arguments: part.arguments } })
    }
    // What the model wrote of a void call is in the content.
    for (const { index } of warnings ?? []) if (index !== undefined) this.#calls.delete(index)
  }

  /** Nothing came that could be seen. */
  get isBlank(): boolean {
    return this.#content.trim() === '' && !this.#hasThoughts && this.#calls.size === 0
  }

  /** What the model is told of it with the next question: no thoughts, and of calls those that were not cut. Empty: nothing. */
  messages(): ChatMessage[] {
    const content = this.#content.trim()
    const calls = [...this.#calls.values()].filter((call) => isJsonObject(call.function.arguments))
    if (calls.length === 0) return content === '' ? [] : [{ role: 'assistant', content }]
    return [
      { role: 'assistant', content: content === '' ? null : content, tool_calls: structuredClone(calls) },
      ...calls.map(({ id }): ChatMessage => ({ role: 'tool', content: notRun, tool_call_id: id })),
    ]
  }
}
