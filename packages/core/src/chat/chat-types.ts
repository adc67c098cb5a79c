/** OpenAI's chat completion shapes, as far as Sampan honours them. Answers are assignable to the `openai` package's types. */
export interface TextPart {
  type: 'text'
  text: string
}

export interface SystemMessage {
  role: 'system' | 'developer'
  content: string | readonly TextPart[]
}

export interface UserMessage {
  role: 'user'
  content: string | readonly TextPart[]
}

export interface AssistantMessage {
  role: 'assistant'
  content: string | readonly TextPart[]
  /** So that an answer's message can be sent back as it is. */
  refusal?: null
}

export type ChatMessage = SystemMessage | UserMessage | AssistantMessage

/** Every field is optional but `messages`; `null` and `undefined` mean absent. */
interface ChatCompletionRequestBase {
  messages: readonly ChatMessage[]
  /** 0 … 2; 0 is greedy. Default: the checkpoint's generation config, else 1. */
  temperature?: number | null
  /** 0 … 1; 1 is off. Default: the checkpoint's generation config, else 1. */
  top_p?: number | null
  /** 0 is off. Not in OpenAI's API. Default: the checkpoint's generation config, else 0. */
  top_k?: number | null
  /** 0 … 1; 0 is off. Not in OpenAI's API. */
  min_p?: number | null
  /** Same seed, request and device: same answer. */
  seed?: number | null
  /** Most tokens of the answer. Default: what is left of the context. */
  max_completion_tokens?: number | null
  /** OpenAI's older name of `max_completion_tokens`. */
  max_tokens?: number | null
  /** The answer ends before the first of these; it is never part of the answer. */
  stop?: string | readonly string[] | null
  /** Accepted and without effect: a loaded model answers whatever it is called. */
  model?: string
  user?: string
  metadata?: Readonly<Record<string, string>> | null
}

export interface ChatCompletionRequestNonStreaming extends ChatCompletionRequestBase {
  stream?: false | null
}

export interface ChatCompletionRequestStreaming extends ChatCompletionRequestBase {
  stream: true
  stream_options?: { include_usage?: boolean } | null
}

export type ChatCompletionRequest = ChatCompletionRequestNonStreaming | ChatCompletionRequestStreaming

export type FinishReason = 'stop' | 'length' | 'tool_calls'

export interface CompletionUsage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
}

export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  /** Unix time in seconds. */
  created: number
  model: string
  choices: {
    index: number
    message: { role: 'assistant'; content: string; refusal: null }
    finish_reason: FinishReason
    logprobs: null
  }[]
  usage: CompletionUsage
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
    delta: { role?: 'assistant'; content?: string }
    finish_reason: FinishReason | null
    logprobs: null
  }[]
  /**
   * `stream_options.include_usage: true`: in a chunk of its own, the last, as OpenAI does it. Not given: in the chunk with
   * `finish_reason`. `false`: nowhere.
   */
  usage?: CompletionUsage | null
}
