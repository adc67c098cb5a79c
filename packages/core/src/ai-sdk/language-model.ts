import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider'
import { answerStream } from './answer-stream.ts'
import type { ChatModel } from './chat-model.ts'
import { toRequest } from './to-request.ts'
import { toResult } from './to-result.ts'

/** `LanguageModelV4` straight over `model.chat.completions`: no HTTP, no server-sent events. */
export class SampanLanguageModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4'
  readonly provider = 'sampan'
  /** All of them, since the AI SDK would fetch the others over the network before the refusal of files is heard. */
  readonly supportedUrls = { '*/*': [/.*/] }
  readonly #model: ChatModel

  constructor(model: ChatModel) {
    this.#model = model
  }

  get modelId(): string {
    return this.#model.info.source
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { request, warnings } = toRequest(options)
    const answer = await this.#model.chat.completions.create(request, signalOf(options))
    return { ...toResult(answer, warnings), request: { body: request } }
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const { request, warnings } = toRequest(options)
    const body = { ...request, stream: true } as const
    const chunks = await this.#model.chat.completions.create(body, signalOf(options))
    return { stream: answerStream(chunks, warnings, options), request: { body } }
  }
}

function signalOf({ abortSignal }: LanguageModelV4CallOptions): { signal?: AbortSignal } {
  return abortSignal ? { signal: abortSignal } : {}
}
