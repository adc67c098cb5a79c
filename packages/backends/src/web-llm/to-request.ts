import type { ChatCompletionRequestStreaming } from '@mlc-ai/web-llm'
import type { GenerationMessage, GenerationRequest } from '@sampan/core'
import { BackendError } from '../backend-error.ts'

const MOST_TOP_LOGPROBS = 5
/** Of the catalogue's models those that think unless the answer begins with `NO_THOUGHTS`. */
const THINKS_BY_CHOICE = /^Qwen3-/
/** What web-llm begins an answer with that is to be without thoughts. */
export const NO_THOUGHTS = '<think>\n\n</think>\n\n'

type Fields = Partial<ChatCompletionRequestStreaming>

/**
 * A new object every time: web-llm writes into the requests it is given.
 * @param id of the model, as in the catalogue
 * @throws BackendError `request-unsupported`, `request-invalid`
 */
export function toWebLlm(request: GenerationRequest, id: string): ChatCompletionRequestStreaming {
  refuseUnsupported(request)
  const { temperature, topP, seed, maxTokens, frequencyPenalty, presencePenalty, repetitionPenalty } = request
  return {
    messages: request.messages.map(toMessage),
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(seed !== undefined && { seed }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(frequencyPenalty !== undefined && { frequency_penalty: frequencyPenalty }),
    ...(presencePenalty !== undefined && { presence_penalty: presencePenalty }),
    ...(repetitionPenalty !== undefined && { repetition_penalty: repetitionPenalty }),
    ...biasField(request),
    ...logprobFields(request),
    ...formatField(request.format),
    ...thinkingField(request, id),
  }
}

function refuseUnsupported(request: GenerationRequest): void {
  const { topK, minP, tools, thinkingBudget, continueFinalMessage, templateVariables, record, truncate } = request
  const asked = {
    top_k: Boolean(topK),
    min_p: Boolean(minP),
    tools: Boolean(tools?.length),
    thinking_budget: thinkingBudget !== undefined,
    continue_final_message: continueFinalMessage === true,
    chat_template_kwargs: Object.keys(templateVariables ?? {}).length > 0,
    record: record === true,
    truncation: truncate === true,
  }
  for (const [field, given] of Object.entries(asked)) if (given) throw unsupported(field)
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

function biasField({ logitBias, repetitionPenalty = 1 }: GenerationRequest): Fields {
  if (!logitBias?.length) return {}
  if (repetitionPenalty !== 1)
    throw unsupported('logit_bias', 'together with repetition_penalty, since it scales the biases too')
  return { logit_bias: Object.fromEntries(logitBias) }
}

/** web-llm tells the chances that it draws from; those of the model itself are the same only where nothing changes them. */
function logprobFields(request: GenerationRequest): Fields {
  const { topLogprobs, temperature, frequencyPenalty, presencePenalty, repetitionPenalty, logitBias, format } = request
  if (topLogprobs === undefined) return {}
  if (topLogprobs > MOST_TOP_LOGPROBS) throw unsupported('top_logprobs', `above ${MOST_TOP_LOGPROBS}`)
  const changed = Boolean(frequencyPenalty || presencePenalty || logitBias?.length || format)
  if (temperature !== 1 || changed || (repetitionPenalty ?? 1) !== 1)
    throw unsupported('logprobs', 'but with temperature 1 and without penalties, logit_bias and response_format')
  return {
    logprobs: true,
    // With 0 it tells nothing at all.
    top_logprobs: Math.max(1, topLogprobs),
    // Not what the model's configuration has.
    frequency_penalty: 0,
    presence_penalty: 0,
    repetition_penalty: 1,
  }
}

function formatField(format: GenerationRequest['format']): Fields {
  switch (format?.type) {
    case undefined:
      return {}
    case 'json-object':
      // Without a schema lists would do.
      return schemaField({ type: 'object' })
    case 'json-schema':
      if (format.schema === false)
        throw new BackendError('request-invalid', 'The schema false allows no answer at all.', {
          field: 'response_format',
        })
      return schemaField(format.schema === true ? {} : format.schema)
    default:
      return format satisfies never
  }
}

function schemaField(schema: Readonly<Record<string, unknown>>): Fields {
  return { response_format: { type: 'json_object', schema: JSON.stringify(schema) } }
}

function thinkingField({ thinking, format }: GenerationRequest, id: string): Fields {
  const byChoice = THINKS_BY_CHOICE.test(id)
  if (thinking !== undefined && !byChoice) throw unsupported('reasoning_effort', 'with this model')
  if (thinking && format)
    throw unsupported('reasoning_effort', 'together with response_format, which leaves no thoughts')
  // What binds the answer binds it from its first token on.
  if (thinking === false || (byChoice && format)) return { extra_body: { enable_thinking: false } }
  return {}
}

function unsupported(field: string, when = ''): BackendError {
  return new BackendError(
    'request-unsupported',
    `${field} is not supported by the backend web-llm${when === '' ? '' : ` ${when}`}: leave it out of the request.`,
    { field },
  )
}
