/**
 * OpenAI's chat completion request, so that one typed by the `openai` package is one of these. What a type allows and Sampan does
 * not do (`image_url` parts, custom tools, …) is refused by name; which field counts how is in `request-table.ts`.
 */
export type ChatCompletionRequest = ChatCompletionRequestNonStreaming | ChatCompletionRequestStreaming

export interface ChatCompletionRequestNonStreaming extends ChatCompletionRequestBase {
  stream?: false | null
}

export interface ChatCompletionRequestStreaming extends ChatCompletionRequestBase {
  stream: true
}

export interface TextPart {
  type: 'text'
  text: string
}

export interface RefusalPart {
  type: 'refusal'
  refusal: string
}

/** Refused: the models here read text. */
export interface MediaPart {
  type: 'image_url' | 'input_audio' | 'file'
}

export interface SystemMessage {
  role: 'system' | 'developer'
  content: string | readonly TextPart[]
  /** Without effect. */
  name?: string
}

export interface UserMessage {
  role: 'user'
  content: string | readonly (TextPart | MediaPart)[]
  /** Without effect. */
  name?: string
}

export interface FunctionToolCall {
  id: string
  type: 'function'
  function: {
    name: string
    /** JSON. */
    arguments: string
  }
}

/** Refused: tools with free text in place of JSON. */
export interface CustomToolCall {
  type: 'custom'
}

/** An answer's `message` can be sent back as it is. */
export interface AssistantMessage {
  role: 'assistant'
  /** May be absent or null beside `tool_calls` or `refusal`. */
  content?: string | readonly (TextPart | RefusalPart)[] | null
  /** Read where there is no content. */
  refusal?: string | null
  tool_calls?: readonly (FunctionToolCall | CustomToolCall)[]
  /** Dropped: thoughts of earlier answers are not sent to the model. */
  reasoning_content?: string | null
  /** Without effect. */
  name?: string
}

export interface ToolMessage {
  role: 'tool'
  content: string | readonly TextPart[]
  /** Of a call of the assistant message before. */
  tool_call_id: string
}

/** Refused: what OpenAI had before tools. */
export interface FunctionMessage {
  role: 'function'
  name: string
  content: string | null
}

export type ChatMessage = SystemMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage

type JsonSchema = Readonly<Record<string, unknown>>

export interface FunctionTool {
  type: 'function'
  function: {
    name: string
    description?: string
    /** JSON schema of an object. */
    parameters?: JsonSchema
    strict?: boolean | null
  }
}

/** Refused. */
export interface CustomTool {
  type: 'custom'
}

export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { type: 'function'; function: { name: string } }
  | {
      type: 'allowed_tools'
      allowed_tools: { mode: 'auto' | 'required'; tools: readonly Readonly<Record<string, unknown>>[] }
    }
  /** Refused. */
  | { type: 'custom' }

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema'
      json_schema: { name: string; description?: string; schema?: JsonSchema; strict?: boolean | null }
    }

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'

/** Every field is optional but `messages`; `null` and `undefined` mean absent. */
interface ChatCompletionRequestBase {
  messages: readonly ChatMessage[]
  /** 0 … 2; 0 is greedy. Default of this and the next three: the checkpoint's generation config. */
  temperature?: number | null
  /** 0 … 1; 1 is off. */
  top_p?: number | null
  /** 0 is off. Not in OpenAI's API. */
  top_k?: number | null
  /** 0 … 1; 0 is off. Not in OpenAI's API. */
  min_p?: number | null
  /** Same seed, request, device and cache: same answer. */
  seed?: number | null
  /** Most tokens of the answer, thoughts among them. Default: what is left of the context. */
  max_completion_tokens?: number | null
  /** OpenAI's older name of `max_completion_tokens`. */
  max_tokens?: number | null
  /** The answer ends before the first of these; it is never part of the answer. */
  stop?: string | readonly string[] | null
  /** −2 … 2. */
  frequency_penalty?: number | null
  /** −2 … 2. */
  presence_penalty?: number | null
  /** > 0; 1 is off. Not in OpenAI's API. */
  repetition_penalty?: number | null
  /** Token ids to −100 … 100. */
  logit_bias?: Readonly<Record<string, number>> | null
  logprobs?: boolean | null
  /** 0 … 20; needs `logprobs`. */
  top_logprobs?: number | null
  /** Answers to make, one after another. With a seed each has the next one. */
  n?: number | null
  tools?: readonly (FunctionTool | CustomTool)[]
  tool_choice?: ToolChoice
  parallel_tool_calls?: boolean
  response_format?: ResponseFormat
  stream_options?: { include_usage?: boolean; include_obfuscation?: boolean } | null
  /** `none` turns thoughts off; the others turn them on, with a budget of tokens up to `medium`. */
  reasoning_effort?: ReasoningEffort | null
  /** Tokens of thoughts after which they are closed; goes before `reasoning_effort`'s. Not in OpenAI's API. */
  thinking_budget?: number | null
  /** Thoughts on or off, as others write it. Not in OpenAI's API. */
  thinking?: { type: 'enabled' | 'disabled'; budget_tokens?: number } | null
  /** More variables for the chat template. `enable_thinking` counts as `thinking` too. Not in OpenAI's API. */
  chat_template_kwargs?: Readonly<Record<string, unknown>> | null
  /** The last message is the beginning of the answer. Not in OpenAI's API. */
  continue_final_message?: boolean | null
  /**
   * `auto`: a prompt that leaves no room for the answer loses its oldest turns, but no system message, and a warning tells it. Default
   * `disabled`: an error with both lengths. Not in OpenAI's chat API; in that of its Responses.
   */
  truncation?: 'auto' | 'disabled' | null
  /** False: the whole prompt is read again, so that the same request always gives the same. Not in OpenAI's API. */
  cache_prompt?: boolean | null
  /**
   * True: the reply has a `record`, with which `model.replay` can make it again. Where the request says nothing of them, a seed is chosen and
   * `cache_prompt` is false. Not in OpenAI's API.
   */
  record?: boolean | null
  /**
   * `background`: for what nobody watches. It is begun when no other request waits, and is then slower, since it leaves the GPU to the page
   * between any two steps. Default `normal`. Not in OpenAI's API.
   */
  priority?: 'normal' | 'background' | null
  /** Accepted and without effect: a loaded model answers whatever it is called. */
  model?: string
  user?: string
  metadata?: Readonly<Record<string, string>> | null
}
