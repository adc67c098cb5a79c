import type { GenerationMessage, GenerationRequest, ToolDefinition } from '@sampan/core'
import { BackendError } from '../backend-error.ts'
import type { ServerKind } from './server-kind.ts'

/** Servers refuse more. */
const MOST_TOP_LOGPROBS = 20

const BUDGET_HINT = " reasoning_effort low, medium and high set one, too; thinking: { type: 'enabled' } does not."

type Body = Record<string, unknown>

/**
 * The body of a streaming chat completion. What is not in OpenAI's API goes to servers that are known to understand it.
 * @throws BackendError `request-unsupported`
 */
export function toBody(request: GenerationRequest, model: string, kind: ServerKind): Body {
  refuseOthers(request, kind)
  const { temperature, topP, seed, maxTokens, frequencyPenalty, presencePenalty, logitBias, topLogprobs } = request
  return {
    model,
    messages: request.messages.map(toMessage),
    stream: true,
    stream_options: { include_usage: true, ...(countsAsItGoes(kind) && { continuous_usage_stats: true }) },
    ...(kind === 'llama.cpp' && { timings_per_token: true }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(seed !== undefined && { seed }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(frequencyPenalty !== undefined && { frequency_penalty: frequencyPenalty }),
    ...(presencePenalty !== undefined && { presence_penalty: presencePenalty }),
    ...(logitBias?.length && { logit_bias: Object.fromEntries(logitBias) }),
    ...(topLogprobs !== undefined && { logprobs: true, top_logprobs: likeliest(topLogprobs, kind) }),
    ...toolFields(request),
    ...formatField(request.format),
    ...samplingExtensions(request, kind),
    ...templateExtensions(request, kind),
    ...cacheExtension(request, kind),
  }
}

/** What is made from token ids, or by the side that renders the prompt. Whose turn it is a server decides by itself. */
function refuseOthers({ prompt, truncate, record }: GenerationRequest, kind: ServerKind): void {
  if (prompt !== undefined) throw unsupported('prompt', kind, '')
  if (truncate) throw unsupported('truncation', kind, '')
  if (record) throw unsupported('record', kind, '')
}

/** So that the tokens are known also of an answer that is left early. */
function countsAsItGoes(kind: ServerKind): boolean {
  return kind === 'vllm' || kind === 'sglang'
}

/** vLLM counts the token itself among them, likely or not. */
function likeliest(count: number, kind: ServerKind): number {
  return kind === 'vllm' && count > 0 ? Math.min(MOST_TOP_LOGPROBS, count + 1) : count
}

function toMessage(message: GenerationMessage): Body {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content }
    case 'tool':
      return { role: 'tool', content: message.content, tool_call_id: message.toolCallId }
    case 'assistant': {
      const calls = message.toolCalls?.map(({ id, name, arguments: json }) => ({
        id,
        type: 'function',
        function: { name, arguments: json },
      }))
      return { role: 'assistant', content: message.content, ...(calls?.length && { tool_calls: calls }) }
    }
    default:
      return message satisfies never
  }
}

function toolFields({ tools, toolChoice, parallelToolCalls }: GenerationRequest): Body {
  if (!tools?.length) return {}
  return {
    tools: tools.map(toTool),
    ...(toolChoice !== undefined && {
      tool_choice: typeof toolChoice === 'string' ? toolChoice : { type: 'function', function: toolChoice },
    }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
  }
}

function toTool({ name, description, parameters, strict }: ToolDefinition): Body {
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      ...(parameters && { parameters }),
      ...(strict !== undefined && { strict }),
    },
  }
}

function formatField(format: GenerationRequest['format']): Body {
  switch (format?.type) {
    case undefined:
      return {}
    case 'json-object':
      return { response_format: { type: 'json_object' } }
    case 'json-schema': {
      const { schema } = format
      const object = typeof schema === 'boolean' ? (schema ? {} : { not: {} }) : schema
      return { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: object } } }
    }
    default:
      return format satisfies never
  }
}

function samplingExtensions({ topK, minP, repetitionPenalty }: GenerationRequest, kind: ServerKind): Body {
  if (kind === 'openai') {
    if (topK) throw unsupported('top_k', kind)
    if (minP) throw unsupported('min_p', kind)
    if (repetitionPenalty !== undefined && repetitionPenalty !== 1) throw unsupported('repetition_penalty', kind)
    return {}
  }
  return {
    // vLLM's and SGLang's word for off is -1.
    ...(topK !== undefined && { top_k: topK === 0 && kind !== 'llama.cpp' ? -1 : topK }),
    ...(minP !== undefined && { min_p: minP }),
    ...(repetitionPenalty !== undefined &&
      (kind === 'llama.cpp'
        ? { repeat_penalty: repetitionPenalty, repeat_last_n: -1 }
        : { repetition_penalty: repetitionPenalty })),
  }
}

function templateExtensions(request: GenerationRequest, kind: ServerKind): Body {
  const { thinking, thinkingBudget, templateVariables, continueFinalMessage, messages } = request
  if (thinkingBudget !== undefined) throw unsupported('thinking_budget', kind, BUDGET_HINT)
  const variables = { ...templateVariables, ...(thinking !== undefined && { enable_thinking: thinking }) }
  const named = Object.keys(variables).length > 0
  if (named && kind === 'openai')
    throw unsupported(thinking === undefined ? 'chat_template_kwargs' : 'reasoning_effort', kind)
  const answerLast = messages.at(-1)?.role === 'assistant'
  // llama.cpp goes on with an answer that comes last, always.
  if (continueFinalMessage ? kind === 'openai' : answerLast && kind === 'llama.cpp')
    throw unsupported('continue_final_message', kind)
  const goOn = continueFinalMessage === true && kind !== 'llama.cpp'
  return {
    ...(named && { chat_template_kwargs: variables }),
    ...(goOn && { continue_final_message: true, add_generation_prompt: false }),
  }
}

function cacheExtension({ cachePrompt }: GenerationRequest, kind: ServerKind): Body {
  if (cachePrompt !== false) return {}
  switch (kind) {
    case 'llama.cpp':
      return { cache_prompt: false }
    case 'vllm':
      // What is cached under one salt is found under no other.
      return { cache_salt: crypto.randomUUID() }
    case 'sglang':
    case 'openai':
      throw unsupported('cache_prompt', kind)
    default:
      return kind satisfies never
  }
}

function unsupported(field: string, kind: ServerKind, hint = hintFor(kind)): BackendError {
  return new BackendError(
    'request-unsupported',
    `${field} cannot be asked of this server (${kind}): leave it out of the request.${hint}`,
    { field },
  )
}

function hintFor(kind: ServerKind): string {
  return kind === 'openai'
    ? ' If it is vLLM, SGLang or llama.cpp behind another name, say so with the option kind.'
    : ''
}
