import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { defined } from '../chat/defined.ts'
import {
  type Fields,
  fieldInvalid,
  fieldUnsupported,
  isAbsent,
  isFields,
  readBoolean,
  readOptional,
} from '../chat/request-fields.ts'
import type { ChatCompletionRequestNonStreaming } from '../chat/request-types.ts'

/**
 * `providerOptions.sampan`: what Sampan's chat API has and the AI SDK has no setting for. Each means what the field of the chat API does that
 * is called the same in snake_case.
 */
export type SampanProviderOptions = {
  /** 0 … 1; 0 is off. */
  minP?: number
  /** > 0; 1 is off. */
  repetitionPenalty?: number
  /** Thoughts on or off. The AI SDK's own `reasoning` does it too, with a budget for each effort. */
  thinking?: boolean
  /** Tokens of thoughts after which they are closed; goes before that of `reasoning`. */
  thinkingBudget?: number
  /** Token ids to −100 … 100. */
  logitBias?: Record<string, number>
  /** Tells the tokens of the text and their chances in `providerMetadata.sampan.logprobs`. */
  logprobs?: boolean
  /** 0 … 20; needs `logprobs`. */
  topLogprobs?: number
  /** False: one call of a tool an answer at most. */
  parallelToolCalls?: boolean
  /** More variables for the chat template. */
  chatTemplateKwargs?: Record<string, string | number | boolean | null>
  /** The last message is the beginning of the answer. */
  continueFinalMessage?: boolean
  /** `auto`: a prompt that is too long loses its oldest turns, with a warning. Default: an error. */
  truncation?: 'auto' | 'disabled'
  /** False: the same request and seed always give the same text. */
  cachePrompt?: boolean
  /** `background`: waits behind all others, and leaves the GPU to the page between any two steps. */
  priority?: 'normal' | 'background'
  /** True: `providerMetadata.sampan.record` has what `model.replay` takes. */
  record?: boolean
}

type OwnFields = Pick<
  ChatCompletionRequestNonStreaming,
  | 'min_p'
  | 'repetition_penalty'
  | 'thinking'
  | 'thinking_budget'
  | 'logit_bias'
  | 'logprobs'
  | 'top_logprobs'
  | 'parallel_tool_calls'
  | 'chat_template_kwargs'
  | 'continue_final_message'
  | 'truncation'
  | 'cache_prompt'
  | 'priority'
  | 'record'
>

/**
 * The request's fields that `providerOptions.sampan` sets; the chat API checks their bounds.
 * @throws SampanError `request-invalid`, and `request-unsupported` for an option that there is not.
 */
export function readProviderOptions(options: LanguageModelV4CallOptions['providerOptions']): OwnFields {
  const path = 'providerOptions.sampan'
  const given: unknown = options?.['sampan']
  if (isAbsent(given)) return {}
  if (!isFields(given)) throw fieldInvalid(path, 'must be an object')
  const read = new Set<string>()
  const option = <T>(name: keyof SampanProviderOptions, reader: (value: unknown, path: string) => T): T | undefined => {
    read.add(name)
    return readOptional(given[name], `${path}.${name}`, reader)
  }
  const fields = defined<OwnFields>({
    min_p: option('minP', readNumber),
    repetition_penalty: option('repetitionPenalty', readNumber),
    thinking: option('thinking', readThinking),
    thinking_budget: option('thinkingBudget', readNumber),
    logit_bias: option('logitBias', readBiases),
    logprobs: option('logprobs', readBoolean),
    top_logprobs: option('topLogprobs', readNumber),
    parallel_tool_calls: option('parallelToolCalls', readBoolean),
    chat_template_kwargs: option('chatTemplateKwargs', readObject),
    continue_final_message: option('continueFinalMessage', readBoolean),
    truncation: option('truncation', readTruncation),
    cache_prompt: option('cachePrompt', readBoolean),
    priority: option('priority', readPriority),
    record: option('record', readBoolean),
  })
  for (const [name, value] of Object.entries(given))
    if (!isAbsent(value) && !read.has(name)) throw fieldUnsupported(`${path}.${name}`)
  return fields
}

function readNumber(value: unknown, path: string): number {
  if (typeof value !== 'number') throw fieldInvalid(path, 'must be a number')
  return value
}

function readObject(value: unknown, path: string): Fields {
  if (!isFields(value)) throw fieldInvalid(path, 'must be an object')
  return value
}

function readBiases(value: unknown, path: string): Readonly<Record<string, number>> {
  const entries = Object.entries(readObject(value, path))
  return Object.fromEntries(entries.map(([token, bias]) => [token, readNumber(bias, `${path}.${token}`)]))
}

function readThinking(value: unknown, path: string): { type: 'enabled' | 'disabled' } {
  return { type: readBoolean(value, path) ? 'enabled' : 'disabled' }
}

function readTruncation(value: unknown, path: string): 'auto' | 'disabled' {
  if (value !== 'auto' && value !== 'disabled') throw fieldInvalid(path, 'must be auto or disabled')
  return value
}

function readPriority(value: unknown, path: string): 'normal' | 'background' {
  if (value !== 'normal' && value !== 'background') throw fieldInvalid(path, 'must be normal or background')
  return value
}
