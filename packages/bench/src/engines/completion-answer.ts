import { BenchError } from '../errors.ts'
import type { RunSample } from './bench-engine.ts'

/** What an engine says instead of an answer is not read further than this. */
export const MAX_MESSAGE_CHARACTERS = 2000

/**
 * What the events of one streamed completion tell, in OpenAI's form with what vLLM, SGLang, llama.cpp and Sampan add to it: `token_ids`,
 * the ids in `logprobs`, `timings`, `token_times`.
 */
export class CompletionAnswer {
  readonly #times: number[] = []
  readonly #engineTimes: number[] = []
  readonly #tokens: number[] = []
  #usage: Fields | undefined
  #timings: Fields | undefined
  #coalesced = false
  #tellsIds = false
  #end = 0

  /** `data` of a server-sent event. */
  takeText(data: string, ms: number): void {
    if (data === '[DONE]') return
    this.take(parsed(data), ms)
  }

  take(event: unknown, ms: number): void {
    if (!isFields(event)) throw new BenchError('engine-misbehaved', 'An event of the answer is no object.')
    const { error, usage, choices, timings } = event
    if (error !== undefined)
      throw new BenchError(
        'engine-misbehaved',
        `The answer broke off: ${JSON.stringify(error).slice(0, MAX_MESSAGE_CHARACTERS)}`,
      )
    this.#end = ms
    if (isFields(usage)) this.#usage = usage
    if (isFields(timings)) this.#timings = timings
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined
    if (!isFields(choice)) return
    const ids = tokensOf(choice)
    this.#tokens.push(...ids)
    this.#engineTimes.push(...numbers(choice['token_times']))
    // Where ids are told, a text without one is the rest of an earlier token: half a character, at the end.
    this.#tellsIds ||= ids.length > 0
    const isPiece = !this.#tellsIds && typeof choice['text'] === 'string' && choice['text'] !== ''
    const told = isFields(timings) ? timings['predicted_n'] : undefined
    const arrived = typeof told === 'number' ? told - this.#times.length : ids.length || Number(isPiece)
    if (arrived > 1) this.#coalesced = true
    for (let count = arrived; count > 0; count--) this.#times.push(ms)
  }

  /**
   * @param asked tokens
   * @throws BenchError `engine-misbehaved` for an answer that is not what was asked for
   */
  sample(asked: number): RunSample {
    const usage = this.#usage
    const generated = usage?.['completion_tokens'] ?? this.#times.length
    if (generated !== asked)
      throw new BenchError(
        'engine-misbehaved',
        `The answer has ${String(generated)} tokens of ${asked}: does the engine ignore its end tokens?`,
      )
    const promptTokens = usage?.['prompt_tokens']
    if (typeof promptTokens !== 'number')
      throw new BenchError('engine-misbehaved', 'The answer does not tell its tokens (stream_options.include_usage).')
    if (this.#times.length === 0 || this.#times.length > asked)
      throw new BenchError('engine-misbehaved', `The answer came in ${this.#times.length} pieces for ${asked} tokens.`)
    const missing = asked - this.#times.length
    const reused = this.#reused()
    return {
      // Halves of characters are tokens without an event: those at the end were there when the answer ended, and not before.
      tokenTimes: [...this.#times, ...Array.from({ length: missing }, () => this.#end)],
      ...((this.#coalesced || missing > 0) && { coalesced: true }),
      ...(this.#engineTimes.length === asked && { engineTimes: this.#engineTimes }),
      ...(this.#tokens.length === asked && { tokens: this.#tokens }),
      ...(reused !== undefined && { reused }),
      promptTokens,
    }
  }

  #reused(): number | undefined {
    const details = this.#usage?.['prompt_tokens_details']
    const told = isFields(details) ? details['cached_tokens'] : this.#timings?.['cache_n']
    return typeof told === 'number' ? told : undefined
  }
}

function tokensOf({ token_ids: ids, logprobs }: Fields): number[] {
  if (Array.isArray(ids)) return numbers(ids)
  const content = isFields(logprobs) ? logprobs['content'] : undefined
  return Array.isArray(content) ? numbers(content.map((entry) => (isFields(entry) ? entry['id'] : undefined))) : []
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    throw new BenchError(
      'engine-misbehaved',
      `An event of the answer is no JSON: ${data.slice(0, MAX_MESSAGE_CHARACTERS)}`,
    )
  }
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'number') : []
}
