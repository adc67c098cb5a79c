import { createParser } from 'eventsource-parser'
import { BenchError } from '../errors.ts'
import type { RunRequest, RunSample } from './bench-engine.ts'

/** `POST /v1/completions` of a model, in this page or on a server. */
export interface CompletionsEndpoint {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly model: string
  readonly headers?: Readonly<Record<string, string>>
  /** Fields that say whether what was computed before may be used: every server has its own. */
  readonly cacheFields: (reuse: boolean) => Readonly<Record<string, unknown>>
}

/** Text that a server sends instead of an answer is not read further than this. */
const MAX_MESSAGE_CHARACTERS = 2000

/**
 * Runs token ids through a completions endpoint, and takes the time of each token as its event arrives.
 * @throws BenchError `engine-misbehaved` for an answer that is not what was asked for
 */
export async function runCompletion(endpoint: CompletionsEndpoint, request: RunRequest): Promise<RunSample> {
  const { prompt, generate, reuse, signal } = request
  const begun = performance.now()
  const response = await endpoint.fetch(`${endpoint.baseUrl}/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...endpoint.headers },
    body: JSON.stringify({
      ...{ model: endpoint.model, prompt, max_tokens: generate, temperature: 0 },
      ...{ ignore_eos: true, return_token_ids: true, stream: true, stream_options: { include_usage: true } },
      ...endpoint.cacheFields(reuse),
    }),
    signal,
  })
  const { body } = response
  if (!response.ok || !body) {
    const text = (await response.text()).slice(0, MAX_MESSAGE_CHARACTERS)
    throw new BenchError('engine-misbehaved', `The endpoint answered ${response.status}: ${text}`)
  }
  const answer = new CompletionAnswer()
  const parser = createParser({ onEvent: ({ data }) => answer.take(data, performance.now() - begun) })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
    parser.feed(decoder.decode(chunk.value, { stream: true }))
  signal.throwIfAborted()
  return answer.sample(generate)
}

/** What the events of one answer tell. */
class CompletionAnswer {
  readonly #times: number[] = []
  readonly #engineTimes: number[] = []
  readonly #tokens: number[] = []
  #usage: Fields | undefined

  take(data: string, ms: number): void {
    if (data === '[DONE]') return
    const event: unknown = JSON.parse(data)
    if (!isFields(event)) throw new BenchError('engine-misbehaved', 'An event of the answer is no object.')
    const { error, usage, choices } = event
    if (error !== undefined)
      throw new BenchError(
        'engine-misbehaved',
        `The answer broke off: ${JSON.stringify(error).slice(0, MAX_MESSAGE_CHARACTERS)}`,
      )
    if (isFields(usage)) this.#usage = usage
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined
    if (!isFields(choice)) return
    const ids = numbers(choice['token_ids'])
    this.#tokens.push(...ids)
    this.#engineTimes.push(...numbers(choice['token_times']))
    const isPiece = typeof choice['text'] === 'string' && choice['text'] !== ''
    for (let count = ids.length || Number(isPiece); count > 0; count--) this.#times.push(ms)
  }

  sample(asked: number): RunSample {
    const usage = this.#usage
    const generated = usage?.['completion_tokens'] ?? this.#times.length
    if (generated !== asked)
      throw new BenchError(
        'engine-misbehaved',
        `The answer has ${String(generated)} tokens of ${asked}: does the engine ignore its end tokens?`,
      )
    const details = usage?.['prompt_tokens_details']
    const reused = isFields(details) ? details['cached_tokens'] : undefined
    const promptTokens = usage?.['prompt_tokens']
    if (typeof promptTokens !== 'number')
      throw new BenchError('engine-misbehaved', 'The answer does not tell its tokens (stream_options.include_usage).')
    const last = this.#times.at(-1)
    if (last === undefined || this.#times.length > asked)
      throw new BenchError('engine-misbehaved', `The answer came in ${this.#times.length} pieces for ${asked} tokens.`)
    const missing = asked - this.#times.length
    return {
      tokenTimes: [...this.#times, ...Array.from({ length: missing }, () => last)],
      ...(missing > 0 && { coalesced: true }),
      ...(this.#engineTimes.length === asked && { engineTimes: this.#engineTimes }),
      ...(this.#tokens.length === asked && { tokens: this.#tokens }),
      ...(typeof reused === 'number' && { reused }),
      promptTokens,
    }
  }
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'number') : []
}
