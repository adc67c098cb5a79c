import type { ChatCompletionRequestNonStreaming, ChatMessage } from '../chat/request-types.ts'

/** What a request may hold besides its messages. `null` takes back what the session has. */
export type SessionFields = Omit<
  ChatCompletionRequestNonStreaming,
  'messages' | 'stream' | 'stream_options' | 'n' | 'continue_final_message' | 'truncation'
>

/** A conversation that leaves too little of the context for the next answer. */
export interface FullConversation {
  /** All that is to be sent, what was said last included. */
  readonly messages: readonly ChatMessage[]
  /** Absent where the backend does not count. */
  readonly promptTokens?: number
  readonly contextLength: number
}

/**
 * What happens when a conversation is full: when it leaves no room for an answer of `max_completion_tokens`, or for a quarter of the context
 * where a request sets none; more than half the context is never asked for.
 * - `error`: nothing until the prompt itself is too long, and then `context-length-exceeded`.
 * - `drop-oldest`: the oldest turns go until half of the context is free, so that what stays can be kept in the cache for a while. System
 *   messages and the last turn stay. A warning tells it.
 * - a function: gives a shorter conversation to go on with, such as one with a summary. It must not wait for this session, only for
 *   others (`fork()` is one).
 */
export type ContextStrategy =
  | 'error'
  | 'drop-oldest'
  | ((full: FullConversation) => readonly ChatMessage[] | Promise<readonly ChatMessage[]>)

export interface SessionBehaviour {
  /** Default `error`. */
  readonly onFull?: ContextStrategy
  /**
   * What an aborted answer leaves. `keep`, the default: what was said to the model, and as much of text and thoughts as had come; calls
   * of tools are left out. `roll-back`: nothing. Where neither text nor thoughts had come, nothing either way.
   */
  readonly onAbort?: 'keep' | 'roll-back'
}

export interface SessionOptions extends SessionFields, SessionBehaviour {
  /** The system prompt: the first message, which stays whatever is dropped or rewound. */
  readonly system?: string
  /** What was said before. */
  readonly messages?: readonly ChatMessage[]
  /** What `save()` gave; what stands beside it goes before it. */
  readonly restore?: SavedSession
  /** True: `restore` may be another model's, which then reads the messages as its own. */
  readonly allowOtherModel?: boolean
}

export interface ForkOptions extends SessionFields, SessionBehaviour {}

export interface SendOptions extends SessionFields, Pick<SessionBehaviour, 'onAbort'> {
  /** Aborting fails the reply with the signal's reason, at once, also while it waits for others. */
  readonly signal?: AbortSignal | undefined
}

/** A session as plain data: JSON keeps it whole. */
export interface SavedSession {
  readonly type: 'sampan-session'
  readonly version: 1
  /** Of the model that the session was with. */
  readonly model: { readonly source: string; readonly hash?: string }
  readonly messages: readonly ChatMessage[]
  readonly fields: SessionFields
  /** Absent for a function, which has to be given again. */
  readonly onFull?: 'error' | 'drop-oldest'
  readonly onAbort: 'keep' | 'roll-back'
  /** Of the conversation, as the model read and wrote them. Absent where the backend tells none, and after an answer that was not complete. */
  readonly tokens?: SavedTokens
}

/** A text may be made into other tokens than those that a model wrote it with. With them a restored session is exactly what it was. */
export interface SavedTokens {
  /** Of the last answer's prompt. */
  readonly prompt: readonly number[]
  /** How many of the first ones stand for none of the prompt's text. */
  readonly added: number
  readonly answer: readonly number[]
}
