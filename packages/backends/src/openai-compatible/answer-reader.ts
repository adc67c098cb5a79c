import type { AnswerPart, FinishReason, GenerationEnd, TokenLogprob } from '@sampan/core'
import { BackendError } from '../backend-error.ts'
import { readLogprobs } from './logprob-parts.ts'
import { ToolCallParts } from './tool-call-parts.ts'
import { countIn, type JsonObject, listIn, objectIn, stringIn } from './unknown-json.ts'

/** Tokens whose text is yet to come. */
const MOST_HELD_LOGPROBS = 1024

/** Turns the chunks of one answer into its parts, its end and what it cost. */
export class AnswerReader {
  /** Undefined until the server has said how the answer ends. */
  reason: FinishReason | undefined
  readonly #calls = new ToolCallParts()
  readonly #topLogprobs: number
  #logprobs: TokenLogprob[] = []
  #usage: JsonObject = {}
  #timings: JsonObject = {}

  /** @param topLogprobs how many of the likeliest were asked for */
  constructor(topLogprobs = 0) {
    this.#topLogprobs = topLogprobs
  }

  /** @throws BackendError `backend-failed` */
  read(chunk: unknown): readonly AnswerPart[] {
    const { usage, timings, choices } = objectIn(chunk)
    if (usage) this.#usage = objectIn(usage)
    if (timings) this.#timings = objectIn(timings)
    const choice = objectIn(listIn(choices)[0])
    const parts = this.#readDelta(choice)
    const reason = stringIn(choice['finish_reason'])
    if (reason !== undefined) this.reason = readReason(reason)
    return parts
  }

  /** What the answer cost as far as the server has told: 0 tokens where it has not. */
  end(reason: FinishReason): GenerationEnd {
    const usage = this.#usage
    const fresh = countIn(this.#timings['prompt_n'])
    const reused = countIn(this.#timings['cache_n'])
    const cachedTokens = countIn(objectIn(usage['prompt_tokens_details'])['cached_tokens']) ?? reused
    const reasoningTokens = countIn(objectIn(usage['completion_tokens_details'])['reasoning_tokens'])
    return {
      // Some servers say so of calls that the request asked for by name.
      reason: reason === 'stop' && this.#calls.count > 0 ? 'tool_calls' : reason,
      promptTokens: countIn(usage['prompt_tokens']) ?? (fresh ?? 0) + (reused ?? 0),
      completionTokens: countIn(usage['completion_tokens']) ?? countIn(this.#timings['predicted_n']) ?? 0,
      ...(cachedTokens !== undefined && { cachedTokens }),
      ...(reasoningTokens !== undefined && { reasoningTokens }),
    }
  }

  #readDelta(choice: JsonObject): readonly AnswerPart[] {
    const delta = objectIn(choice['delta'])
    const reasoning = stringIn(delta['reasoning_content']) || stringIn(delta['reasoning'])
    const content = stringIn(delta['content'])
    this.#logprobs.push(...readLogprobs(choice['logprobs'], this.#topLogprobs).slice(0, MOST_HELD_LOGPROBS))
    const parts: AnswerPart[] = []
    if (reasoning) parts.push({ type: 'reasoning', text: reasoning })
    if (content) parts.push({ type: 'content', text: content, ...this.#takeLogprobs() })
    parts.push(...this.#calls.read(delta['tool_calls']))
    // Of thoughts and calls, none are told.
    if (parts.length > 0 || this.#logprobs.length > MOST_HELD_LOGPROBS) this.#logprobs = []
    return parts
  }

  #takeLogprobs(): { readonly logprobs?: readonly TokenLogprob[] } {
    return this.#logprobs.length > 0 ? { logprobs: this.#logprobs } : {}
  }
}

function readReason(reason: string): FinishReason {
  switch (reason) {
    case 'stop':
    case 'length':
    case 'tool_calls':
      return reason
    case 'function_call':
      return 'tool_calls'
    default:
      throw new BackendError(
        'backend-failed',
        `The server ended the answer ${reason === 'content_filter' ? 'by its content filter' : 'for a reason of its own'}: ask otherwise, or use another backend.`,
      )
  }
}
