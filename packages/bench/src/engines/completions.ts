import { createParser } from 'eventsource-parser'
import { BenchError } from '../errors.ts'
import type { RunRequest, RunSample } from './bench-engine.ts'
import { CompletionAnswer, MAX_MESSAGE_CHARACTERS } from './completion-answer.ts'

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
  const parser = createParser({ onEvent: ({ data }) => answer.takeText(data, performance.now() - begun) })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
    parser.feed(decoder.decode(chunk.value, { stream: true }))
  signal.throwIfAborted()
  return answer.sample(generate)
}
