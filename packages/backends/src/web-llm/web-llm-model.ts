import type { ChatCompletionChunk, ChatCompletionRequestStreaming, ModelRecord } from '@mlc-ai/web-llm'
import type {
  AdapterInfo,
  BackendModel,
  GenerationEnd,
  GenerationOutput,
  GenerationRequest,
  ModelInfo,
} from '@sampan/core'
import { BackendError } from '../backend-error.ts'
import { wantsMore } from '../wants-more.ts'
import { deviceLost } from './explain-load-failure.ts'
import { explainRequestFailure } from './explain-request-failure.ts'
import { skipPrefix } from './skip-prefix.ts'
import { toLogprobs } from './to-logprobs.ts'
import { NO_THOUGHTS, toWebLlm } from './to-request.ts'

/** What is asked of web-llm's `MLCEngine` once it is loaded. */
export interface LoadedMlcEngine {
  readonly chat: {
    readonly completions: {
      create(request: ChatCompletionRequestStreaming): Promise<AsyncIterable<ChatCompletionChunk>>
    }
  }
  interruptGenerate(): void | Promise<void>
  /** Empties the cache. */
  resetChat(): Promise<void>
  unload(): Promise<void>
}

export class WebLlmModel implements BackendModel {
  readonly info: ModelInfo
  readonly lost: Promise<Error>
  readonly #engine: LoadedMlcEngine
  readonly #id: string
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
    this.#id = record.model_id
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
      const asked = toWebLlm(request, this.#id)
      if (request.cachePrompt === false) await this.#engine.resetChat()
      return await this.#stream(asked, request.topLogprobs, output, signal)
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
    topLogprobs: number | undefined,
    output: GenerationOutput,
    signal: AbortSignal,
  ): Promise<GenerationEnd> {
    let reason: GenerationEnd['reason'] = 'stop'
    let usage = { prompt_tokens: 0, completion_tokens: 0 }
    let accepted = false
    let wanted = true
    const skip = skipPrefix(request.extra_body?.enable_thinking === false ? NO_THOUGHTS : '')
    for await (const chunk of await this.#engine.chat.completions.create(request)) {
      if (!accepted) output.accepted()
      accepted = true
      usage = chunk.usage ?? usage
      const [choice] = chunk.choices
      if (choice?.finish_reason === 'length') reason = 'length'
      const text = skip(choice?.delta.content ?? '')
      if (text !== '' && wanted) {
        // Thoughts are part of the content: what splits them off belongs here.
        const logprobs = topLogprobs === undefined ? {} : { logprobs: toLogprobs(choice?.logprobs, topLogprobs) }
        wanted = await wantsMore(output.part({ type: 'content', text, ...logprobs }), signal)
      }
      if (!wanted || signal.aborted) await this.#engine.interruptGenerate()
    }
    signal.throwIfAborted()
    return { reason, promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens }
  }
}
