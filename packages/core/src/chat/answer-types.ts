import type { AnswerWarningCode } from '../backend.ts'
import type { ReplyPlace } from '../load/fallback-types.ts'
import type { AnswerRecord } from '../record/record-types.ts'
import type { FunctionToolCall } from './request-types.ts'

/** OpenAI's answers, assignable to the `openai` package's types. What OpenAI does not have is marked so. */
export type FinishReason = 'stop' | 'length' | 'tool_calls'

export interface CompletionUsage {
  prompt_tokens: number
  /** Of all choices together. */
  completion_tokens: number
  total_tokens: number
  /** Absent where the backend does not tell. */
  prompt_tokens_details?: { cached_tokens: number }
  completion_tokens_details?: { reasoning_tokens: number }
}

export interface TopLogprob {
  token: string
  bytes: number[]
  logprob: number
}

export interface TokenLogprobEntry extends TopLogprob {
  top_logprobs: TopLogprob[]
}

/** Of the content's tokens; thoughts and calls of tools have none. */
export interface ChoiceLogprobs {
  content: TokenLogprobEntry[]
  refusal: null
}

/** Something that went wrong and did not end the answer. */
export interface AnswerWarning {
  code: AnswerWarningCode
  message: string
  /**
   * In a stream: the call of `tool_calls` that was begun and is void; what the model wrote of it is in the content instead. A whole answer
   * does not hold it.
   */
  index?: number
}

export interface AnswerMessage {
  role: 'assistant'
  /** Null when the answer is only calls of tools. */
  content: string | null
  refusal: null
  /** The model's thoughts, if it had any. Not in OpenAI's API; DeepSeek, vLLM and SGLang have it. */
  reasoning_content?: string
  tool_calls?: FunctionToolCall[]
  /** Not in OpenAI's API. */
  warnings?: AnswerWarning[]
}

export interface ChatCompletionChoice {
  index: number
  message: AnswerMessage
  finish_reason: FinishReason
  logprobs: ChoiceLogprobs | null
  /** Where it was asked for, with `n` above 1. Not in OpenAI's API. */
  record?: AnswerRecord
}

export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  /** Unix time in seconds. */
  created: number
  model: string
  choices: ChatCompletionChoice[]
  usage: CompletionUsage
  /** What the answer was computed with. Absent where the backend does not tell. */
  system_fingerprint?: string
  /** How the answer was made, where it was asked for; with `n` above 1 each choice has its own. Not in OpenAI's API. */
  record?: AnswerRecord
  /** Where the answer was computed. Not in OpenAI's API. */
  computed_by?: ReplyPlace
}

export interface ToolCallDelta {
  index: number
  /** `id`, `type` and `name` come in a call's first delta only. */
  id?: string
  type?: 'function'
  function: { name?: string; arguments: string }
}

export interface AnswerDelta {
  role?: 'assistant'
  content?: string
  /** Not in OpenAI's API. */
  reasoning_content?: string
  tool_calls?: ToolCallDelta[]
  /** All of a choice's, in its last chunk. Not in OpenAI's API. */
  warnings?: AnswerWarning[]
}

export interface ChatCompletionChunk {
  id: string
  object: 'chat.completion.chunk'
  /** Unix time in seconds. */
  created: number
  model: string
  /** Empty in the usage chunk. */
  choices: {
    index: number
    delta: AnswerDelta
    finish_reason: FinishReason | null
    logprobs: ChoiceLogprobs | null
  }[]
  /**
   * `stream_options.include_usage: true`: in a chunk of its own, the last, as OpenAI does it. Not given: in the last chunk with
   * `finish_reason`. `false`: nowhere.
   */
  usage?: CompletionUsage | null
  system_fingerprint?: string
  /** How this choice was made, where it was asked for: in the chunk with `finish_reason`. Not in OpenAI's API. */
  record?: AnswerRecord
  /** Where the answer is computed, from its first part on. Not in OpenAI's API. */
  computed_by?: ReplyPlace
}
