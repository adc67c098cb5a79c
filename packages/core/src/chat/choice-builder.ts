import type { AnswerPart, GenerationEnd, TokenLogprob } from '../backend.ts'
import { logprobsOf } from './answer.ts'
import type { AnswerWarning, ChatCompletionChoice } from './answer-types.ts'
import type { FunctionToolCall } from './request-types.ts'

/** One choice of an answer, put together from its parts. */
export class ChoiceBuilder {
  readonly #index: number
  readonly #logprobs: TokenLogprob[] | undefined
  readonly #calls: (FunctionToolCall | undefined)[] = []
  readonly #warnings: AnswerWarning[] = []
  #content = ''
  #reasoning = ''

  constructor(index: number, withLogprobs: boolean) {
    this.#index = index
    this.#logprobs = withLogprobs ? [] : undefined
  }

  add(part: AnswerPart): void {
    switch (part.type) {
      case 'content':
        this.#content += part.text
        this.#logprobs?.push(...(part.logprobs ?? []))
        return
      case 'reasoning':
        this.#reasoning += part.text
        return
      case 'tool-call':
        this.#calls[part.index] = { id: part.id, type: 'function', function: { name: part.name, arguments: '' } }
        return
      case 'tool-arguments': {
        const call = this.#calls[part.index]
        if (call) call.function.arguments += part.text
        return
      }
      case 'warning':
        if (part.index !== undefined) this.#calls[part.index] = undefined
        this.#warnings.push({ code: part.code, message: part.message })
        return
      default:
        part satisfies never
    }
  }

  finish(end: GenerationEnd): ChatCompletionChoice {
    // Without those that are void.
    const calls = this.#calls.filter((call) => call !== undefined)
    const onlyCalls = this.#content === '' && calls.length > 0
    return {
      index: this.#index,
      message: {
        role: 'assistant',
        content: onlyCalls ? null : this.#content,
        refusal: null,
        ...(this.#reasoning !== '' && { reasoning_content: this.#reasoning }),
        ...(calls.length > 0 && { tool_calls: calls }),
        ...(this.#warnings.length > 0 && { warnings: this.#warnings }),
      },
      finish_reason: end.reason,
      logprobs: this.#logprobs ? logprobsOf(this.#logprobs) : null,
    }
  }
}
