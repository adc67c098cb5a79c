import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import { defined } from '../chat/defined.ts'
import type { ChatCompletionRequestNonStreaming, ResponseFormat } from '../chat/request-types.ts'
import { readProviderOptions } from './provider-options.ts'
import { toMessages } from './to-messages.ts'
import { toToolChoice, toTools } from './to-tools.ts'

export interface ConvertedRequest {
  readonly request: ChatCompletionRequestNonStreaming
  /** Of settings that have no effect. */
  readonly warnings: SharedV4Warning[]
}

/**
 * A call of the AI SDK's as a request of the chat API, which checks its values. `headers` are left out: there is nothing to send them to.
 * @throws SampanError `request-unsupported` for files in the prompt and options that there are not.
 */
export function toRequest(options: LanguageModelV4CallOptions): ConvertedRequest {
  const { tools, warnings } = toTools(options.tools)
  const { reasoning, responseFormat, stopSequences } = options
  if (responseFormat?.type === 'json' && responseFormat.description !== undefined)
    warnings.push({
      type: 'unsupported',
      feature: 'responseFormat.description',
      details:
        'The answer is held to the schema, but the model is not told of it: say in the prompt what it should be.',
    })
  const request = {
    messages: toMessages(options.prompt),
    ...defined<Omit<ChatCompletionRequestNonStreaming, 'messages'>>({
      max_completion_tokens: options.maxOutputTokens,
      temperature: options.temperature,
      top_p: options.topP,
      top_k: options.topK,
      seed: options.seed,
      frequency_penalty: options.frequencyPenalty,
      presence_penalty: options.presencePenalty,
      stop: stopSequences && stopSequences.length > 0 ? stopSequences : undefined,
      reasoning_effort: reasoning === 'provider-default' ? undefined : reasoning,
      response_format: toFormat(responseFormat),
      tools,
      tool_choice: toToolChoice(options.toolChoice),
    }),
    ...readProviderOptions(options.providerOptions),
  }
  return { request, warnings }
}

function toFormat(format: LanguageModelV4CallOptions['responseFormat']): ResponseFormat | undefined {
  if (format?.type !== 'json') return undefined
  if (!format.schema) return { type: 'json_object' }
  // Any name will do: it is told to nobody, and the caller's need not follow OpenAI's rule for names.
  return { type: 'json_schema', json_schema: { name: 'answer', schema: { ...format.schema }, strict: true } }
}
