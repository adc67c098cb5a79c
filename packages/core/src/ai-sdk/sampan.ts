import type { LanguageModelV4, ProviderV4 } from '@ai-sdk/provider'
import { SampanError } from '../errors.ts'
import type { ChatModel } from './chat-model.ts'
import { SampanLanguageModel } from './language-model.ts'

/** A provider whose one model answers whatever it is called. */
export interface SampanProvider extends ProviderV4 {
  (modelId?: string): LanguageModelV4
}

/**
 * A loaded model as the AI SDK's `LanguageModelV4`, for `generateText`, `streamText`, agents and all else that takes a `model`. It neither
 * loads nor disposes of the model. Its calls throw `SampanError`s, none of which the AI SDK tries again, and an abort's own reason.
 */
export function sampan(model: ChatModel): LanguageModelV4 {
  return new SampanLanguageModel(model)
}

/**
 * A loaded model as a provider, where the AI SDK wants one: `createProviderRegistry({ local: createSampan(model) })`, or code that names its
 * models. Models that are not for chat are refused with `request-unsupported`.
 */
export function createSampan(model: ChatModel): SampanProvider {
  const languageModel = (): LanguageModelV4 => sampan(model)
  return Object.assign((_modelId?: string) => languageModel(), {
    specificationVersion: 'v4' as const,
    languageModel,
    embeddingModel: () => refuse('embeddings'),
    imageModel: () => refuse('images'),
  })
}

function refuse(what: string): never {
  throw new SampanError('request-unsupported', `Sampan makes no ${what}: use another provider for them.`)
}
