import { BenchError } from '../errors.ts'
import type { BenchModel, EngineIdentity, ModelToRun, RunRequest, RunSample } from './bench-engine.ts'
import { type CompletionsEndpoint, runCompletion } from './completions.ts'
import { nextTokensByRuns } from './next-tokens.ts'

export interface ServerOptions {
  readonly apiKey?: string
  /** Of the model, where the server does not tell it. */
  readonly vocabularySize?: number
  /** Instead of the network. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** Servers differ in what they say about themselves and in how their cache is turned off. */
interface ServerDialect {
  readonly name: string
  readonly cacheFields: CompletionsEndpoint['cacheFields']
}

const PLAIN: ServerDialect = { name: 'server', cacheFields: () => ({}) }

/** By `owned_by` in the list of models. */
const DIALECTS: ReadonlyMap<unknown, ServerDialect> = new Map<unknown, ServerDialect>([
  ['llamacpp', { name: 'llama.cpp', cacheFields: (reuse) => ({ cache_prompt: reuse }) }],
  ['sampan', { name: 'sampan', cacheFields: (reuse) => ({ cache_prompt: reuse }) }],
  // Prompts of different salts share no cache.
  ['vllm', { name: 'vllm', cacheFields: (reuse) => ({ cache_salt: reuse ? 'bench' : crypto.randomUUID() }) }],
  ['sglang', { name: 'sglang', cacheFields: (reuse) => ({ cache_salt: reuse ? 'bench' : crypto.randomUUID() }) }],
])

/**
 * A model on a server that speaks OpenAI's API and takes token ids as a prompt, as vLLM, SGLang and llama.cpp do. Nothing is loaded: the
 * server has done that.
 * @throws BenchError `not-available` where there is no such model
 */
export async function openServer(
  { source, baseUrl, contextLength }: ModelToRun,
  signal: AbortSignal,
  { apiKey, vocabularySize, fetch: fetchGiven = (url, init) => fetch(url, init) }: ServerOptions = {},
): Promise<BenchModel> {
  if (baseUrl === undefined) throw new BenchError('not-available', 'No server was named (--url).')
  const address = baseUrl.replace(/\/+$/, '')
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  const { entry, dialect } = await describeModel(fetchGiven, address, source, headers, signal)
  const longest = number(entry?.['max_model_len']) ?? number(entry?.['meta'], 'n_ctx')
  if (longest !== undefined && longest < contextLength)
    throw new BenchError(
      'not-available',
      `The server's context has ${longest} tokens, the test needs ${contextLength}.`,
    )
  const vocabulary = number(entry?.['meta'], 'n_vocab') ?? vocabularySize
  const parameters = number(entry?.['meta'], 'n_params')
  const identity: EngineIdentity = {
    version: dialect.name,
    device: 'server',
    model: {
      ...(vocabulary !== undefined && { vocabularySize: vocabulary }),
      ...(parameters !== undefined && { parameters }),
    },
    load: [],
  }
  const endpoint = { fetch: fetchGiven, baseUrl: address, model: source, headers, cacheFields: dialect.cacheFields }
  return new ServerModel(endpoint, identity)
}

async function describeModel(
  fetchGiven: CompletionsEndpoint['fetch'],
  address: string,
  model: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ readonly entry: Fields | undefined; readonly dialect: ServerDialect }> {
  const response = await fetchGiven(`${address}/models`, { headers, signal })
  if (!response.ok) throw new BenchError('engine-misbehaved', `${address}/models answered ${response.status}.`)
  const list: unknown = await response.json()
  const data: unknown = isFields(list) ? list['data'] : undefined
  const entries = Array.isArray(data) ? data.filter(isFields) : []
  const entry = entries.find(({ id }) => id === model)
  if (!entry && entries.length > 0) {
    const ids = entries.map(({ id }) => String(id)).join(', ')
    throw new BenchError('not-available', `The server has no model ${model}; it has ${ids}.`)
  }
  return { entry, dialect: DIALECTS.get(entry?.['owned_by']) ?? PLAIN }
}

class ServerModel implements BenchModel {
  readonly cannot = {}
  readonly identity: EngineIdentity
  readonly #endpoint: CompletionsEndpoint

  constructor(endpoint: CompletionsEndpoint, identity: EngineIdentity) {
    this.#endpoint = endpoint
    this.identity = identity
  }

  run(request: RunRequest): Promise<RunSample> {
    return runCompletion(this.#endpoint, request)
  }

  nextTokens(tokens: readonly number[], from: number, signal: AbortSignal): Promise<readonly number[]> {
    return nextTokensByRuns((request) => this.run(request), tokens, from, signal)
  }

  async counters(): Promise<undefined> {}

  async memory(): Promise<undefined> {}

  async close(): Promise<void> {}
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A whole number above 0, of a field where one is named. */
function number(value: unknown, field?: string): number | undefined {
  const found = field === undefined ? value : isFields(value) ? value[field] : undefined
  return typeof found === 'number' && Number.isInteger(found) && found > 0 ? found : undefined
}
