import type { ChatCompletionChunk, ChatCompletionRequestStreaming, ModelRecord } from '@mlc-ai/web-llm'
import type {
  AdapterInfo,
  BackendModel,
  GenerationEnd,
  GenerationMessage,
  GenerationOutput,
  GenerationRequest,
  ModelInfo,
} from '@sampan/core'
import { BackendError } from '../backend-error.ts'
import { deviceLost } from './explain-load-failure.ts'
import { explainRequestFailure } from './explain-request-failure.ts'

/** What is asked of web-llm's `MLCEngine` once it is loaded. */
export interface LoadedMlcEngine {
  readonly chat: {
    readonly completions: {
      create(request: ChatCompletionRequestStreaming): Promise<AsyncIterable<ChatCompletionChunk>>
    }
  }
  interruptGenerate(): void | Promise<void>
  unload(): Promise<void>
}

export class WebLlmModel implements BackendModel {
  readonly info: ModelInfo
  readonly lost: Promise<Error>
  readonly #engine: LoadedMlcEngine
  #queue: Promise<unknown> = Promise.resolve()
  readonly #closing = new AbortController()

  constructor(
    engine: LoadedMlcEngine,
    record: ModelRecord,
    adapter: AdapterInfo,
    device: GPUDevice | undefined,
    bytes: number,
    contextLength: number,
  ) {
    this.#engine = engine
    this.info = {
      backend: 'web-llm',
      source: `mlc:${record.model_id}`,
      adapter,
      contextLength,
      bytes,
    }
    this.lost = new Promise((resolve) => {
      device?.lost.then(({ message }) => {
        if (!this.#closing.signal.aborted) resolve(deviceLost(message))
      })
    })
  }

  /** web-llm has one interrupt flag for all requests, so requests are queued here, where each has its own signal. */
  generate(request: GenerationRequest, output: GenerationOutput): Promise<GenerationEnd> {
    const turn = this.#queue.then(() => this.#generate(request, output))
    this.#queue = turn.catch(() => {})
    return turn
  }

  counters(): undefined {
    return undefined
  }

  ledger(): undefined {
    return undefined
  }

  async dispose(): Promise<void> {
    this.#closing.abort(new BackendError('model-disposed', 'The model was disposed of: load it again.'))
    await this.#engine.interruptGenerate()
    await this.#queue
    await this.#engine.unload()
  }

  async #generate(request: GenerationRequest, output: GenerationOutput): Promise<GenerationEnd> {
    const signal = AbortSignal.any([output.signal, this.#closing.signal])
    signal.throwIfAborted()
    const interrupt = (): void => void this.#engine.interruptGenerate()
    signal.addEventListener('abort', interrupt, { once: true })
    try {
      return await this.#stream(toWebLlm(request), output, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw explainRequestFailure(error)
    } finally {
      signal.removeEventListener('abort', interrupt)
    }
  }

  /** Reads web-llm's stream to its very end even when enough has come: leaving early would lose the usage. */
  async #stream(
    request: ChatCompletionRequestStreaming,
    output: GenerationOutput,
    signal: AbortSignal,
  ): Promise<GenerationEnd> {
    let reason: GenerationEnd['reason'] = 'stop'
    let usage = { prompt_tokens: 0, completion_tokens: 0 }
    let accepted = false
    let wanted = true
    for await (const chunk of await this.#engine.chat.completions.create(request)) {
      if (!accepted) output.accepted()
      accepted = true
      usage = chunk.usage ?? usage
      const [choice] = chunk.choices
      if (choice?.finish_reason === 'length') reason = 'length'
      const text = choice?.delta.content
      if (text && wanted) wanted = await wantsMore(output.part({ type: 'content', text }), signal)
      if (!wanted || signal.aborted) await this.#engine.interruptGenerate()
    }
    signal.throwIfAborted()
    return { reason, promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens }
  }
}

/** False also when `signal` is aborted while the reader makes the answer wait. */
function wantsMore(reader: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(false)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    reader.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function toMessage(message: GenerationMessage): { role: 'system' | 'user' | 'assistant'; content: string } {
  if (message.role === 'tool' || (message.role === 'assistant' && message.toolCalls?.length))
    throw new BackendError(
      'request-unsupported',
      'Calls of tools and their answers are not supported by the backend web-llm: leave them out of messages.',
      { field: 'messages' },
    )
  return { role: message.role, content: message.content }
}

/** A new object every time: web-llm writes into the requests it is given. */
function toWebLlm(request: GenerationRequest): ChatCompletionRequestStreaming {
  const { topK = 0, minP = 0, temperature, topP, seed, maxTokens } = request
  for (const [field, value] of Object.entries({ top_k: topK, min_p: minP }))
    if (value !== 0)
      throw new BackendError(
        'request-unsupported',
        `${field} is not supported by the backend web-llm: leave it out of the request.`,
        { field },
      )
  return {
    messages: request.messages.map(toMessage),
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(seed !== undefined && { seed }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  }
}
