import type { AnswerPart } from '../backend.ts'
import { answerHead } from '../chat/answer.ts'
import type { AnswerMessage, ChatCompletion, CompletionUsage } from '../chat/answer-types.ts'
import { ChoiceBuilder } from '../chat/choice-builder.ts'
import { collect } from '../chat/completions.ts'
import { fieldInvalid } from '../chat/request-fields.ts'
import type { AssistantMessage, ChatMessage } from '../chat/request-types.ts'
import { validateRequest } from '../chat/validate-request.ts'
import { isSystem } from '../chat/without-oldest-turns.ts'
import { FairQueue } from '../worker/fair-queue.ts'
import { copyMessages } from './copy-messages.ts'
import { begunAnswer, joined, keptOf, withoutLastAnswer } from './last-answer.ts'
import {
  checkOptions,
  optionInvalid,
  type ReadSendOptions,
  readOnAbort,
  readOnFull,
  readSendOptions,
  readSessionFields,
} from './read-options.ts'
import { saveTokens } from './saved-tokens.ts'
import type { SessionModel } from './session-model.ts'
import { SessionReply } from './session-reply.ts'
import type { SessionSource } from './session-source.ts'
import type { ContextStrategy, ForkOptions, SavedSession, SendOptions, SessionFields } from './session-types.ts'
import { startAnswer } from './start-answer.ts'

/** What a session is made of: none of it changes in place. */
export interface SessionState {
  readonly messages: readonly ChatMessage[]
  readonly fields: SessionFields
  readonly onFull: ContextStrategy
  readonly onAbort: 'keep' | 'roll-back'
}

/** What is sent, and the answer at its end that is to be gone on with, if one is. */
interface Question {
  readonly asked: readonly ChatMessage[]
  readonly begun?: AssistantMessage
}

const NEVER = new AbortController().signal

/**
 * One conversation with a model. What is said is answered in order; several sessions take turns, an answer each. It holds nothing that
 * has to be given back.
 */
export class Session {
  readonly #model: SessionModel
  readonly #source: SessionSource
  readonly #turns = new FairQueue()
  #state: SessionState
  #usage: CompletionUsage | undefined

  /** @internal Made by `model.session`. */
  constructor(model: SessionModel, state: SessionState, source: SessionSource) {
    this.#model = model
    this.#source = source
    this.#state = state
  }

  /**
   * The conversation as the model is given it, the system prompt first: a frozen list, which stays the same until there is another. Answers
   * keep their thoughts here, which the model does not read again.
   */
  get messages(): readonly ChatMessage[] {
    return this.#state.messages
  }

  /** Of the last answer; undefined where there is none, or the conversation changed since. `total_tokens` is what it takes of the context. */
  get usage(): CompletionUsage | undefined {
    return this.#usage
  }

  /**
   * Says something and answers it, after what was said before is answered. A text is the user's; a message, or several, may have any
   * role, such as the results of tools. A reply that fails leaves the session as it was before.
   * @throws SampanError `request-invalid`, `request-unsupported`, `option-invalid` for what is wrong by itself; the reply fails with the rest,
   * as `chat.completions.create` does.
   */
  send(content: string | ChatMessage | readonly ChatMessage[], options: SendOptions = {}): SessionReply {
    const said = readSaid(content)
    return this.#answer((messages) => ({ asked: [...messages, ...said] }), this.#read(options, 'send'))
  }

  /** Answers again what was answered last; the new answer takes the old one's place. With the same `seed` it is the same. */
  regenerate(options: SendOptions = {}): SessionReply {
    return this.#answer((messages) => ({ asked: withoutLastAnswer(messages) }), this.#read(options, 'regenerate'))
  }

  /**
   * Goes on with the last answer, where it ended early: by its limit of tokens, or aborted. The reply is what comes next; `messages` then hold one
   * answer. It fails with `request-invalid` where that has no text yet, or calls tools.
   */
  continue(options: SendOptions = {}): SessionReply {
    return this.#answer(
      (messages) => ({ asked: messages, begun: begunAnswer(messages) }),
      this.#read(options, 'continue'),
    )
  }

  /**
   * Takes back what was said, from the message at index `to` of `messages` on; a negative one counts from the end. Default: the last message of
   * the user's and all after it. The system prompt stays. Happens after what was said before is answered.
   * @throws SampanError `option-invalid` where there is no such message
   */
  rewind(to?: number): Promise<void> {
    return this.#turns.run({}, NEVER, async () => {
      const { messages } = this.#state
      const last = messages.findLastIndex(({ role }) => role === 'user')
      const end = to ?? (last < 0 ? messages.length : last)
      const index = end < 0 ? messages.length + end : end
      if (!Number.isSafeInteger(index) || index < 0 || index > messages.length)
        throw optionInvalid('to', `a whole number from ${-messages.length} to ${messages.length}, or left out`)
      const others = messages.findIndex((message) => !isSystem(message))
      const system = others < 0 ? messages.length : others
      this.#hold(messages.slice(0, Math.max(index, system)), undefined)
      this.#source.forgetTokens()
    })
  }

  /** Another session that goes on from here by itself. It costs nothing until something is said. An answer that is being made is no part of it. */
  fork(options: ForkOptions = {}): Session {
    checkOptions(options, 'fork')
    const { onFull, onAbort, ...fields } = options
    const state = {
      messages: this.#state.messages,
      fields: readSessionFields(fields, this.#state.fields),
      onFull: readOnFull(onFull) ?? this.#state.onFull,
      onAbort: readOnAbort(onAbort) ?? this.#state.onAbort,
    }
    const forked = new Session(this.#model, state, this.#source.fork())
    forked.#usage = this.#usage
    return forked
  }

  /** The conversation as plain data, for `model.session({ restore })`. An answer that is being made is no part of it. */
  save(): SavedSession {
    const { messages, fields, onFull, onAbort } = this.#state
    const { source, hash } = this.#model.info
    const { tokens } = this.#source
    return {
      type: 'sampan-session',
      version: 1,
      model: { source, ...(hash !== undefined && { hash }) },
      ...{ messages, fields, onAbort },
      ...(typeof onFull === 'string' && { onFull }),
      ...(tokens && { tokens: saveTokens(tokens) }),
    }
  }

  /**
   * Tokens of the conversation as a prompt, with `content` as what is said next.
   * @throws SampanError `request-unsupported` where the backend does not count; `request-invalid`, `model-disposed`, …
   */
  async countTokens(content?: string | ChatMessage | readonly ChatMessage[]): Promise<number> {
    const messages = [...this.messages, ...(content === undefined ? [] : readSaid(content))]
    if (messages.length === 0) return 0
    return this.#model.client.countTokens(validateRequest({ ...this.#state.fields, messages }).generation)
  }

  #read(options: SendOptions, method: string): ReadSendOptions {
    return readSendOptions(options, method, this.#state.fields)
  }

  #answer(ask: (messages: readonly ChatMessage[]) => Question, options: ReadSendOptions): SessionReply {
    return new SessionReply(
      (give, signal) => this.#turns.run({}, signal, () => this.#make(ask(this.messages), options, give, signal)),
      options.signal,
    )
  }

  async #make(
    { asked, begun }: Question,
    options: ReadSendOptions,
    give: (part: AnswerPart) => void,
    signal: AbortSignal,
  ): Promise<ChatCompletion> {
    const { onFull, onAbort } = this.#state
    const fields = { ...options.fields, ...(begun && { continue_final_message: true }) }
    const { run, request, messages } = await startAnswer(
      this.#model,
      this.#source,
      { messages: asked, fields, onFull },
      signal,
    )
    // As it was sent: `onFull` may have changed it.
    const sent = begun && begunAnswer(messages)
    const hold = (answer: AnswerMessage, usage?: CompletionUsage): void => {
      const before = sent ? messages.slice(0, -1) : messages
      this.#hold([...before, ...copyMessages([sent ? joined(sent, answer) : answer], 'messages')], usage)
    }
    const partial = new ChoiceBuilder(0, false)
    try {
      const { source, fingerprint } = this.#model.info
      const withLogprobs = request.generation.topLogprobs !== undefined
      const answer = await collect(answerHead(source, fingerprint), run, withLogprobs, (part) => {
        partial.add(part)
        give(part)
      })
      for (const { message } of answer.choices) hold(message, answer.usage)
      return answer
    } catch (error) {
      const kept = signal.aborted && (options.onAbort ?? onAbort) === 'keep' ? keptOf(partial) : undefined
      if (kept) {
        hold(kept)
        this.#source.forgetTokens()
      }
      throw error
    } finally {
      run.cancel()
    }
  }

  #hold(messages: readonly ChatMessage[], usage: CompletionUsage | undefined): void {
    this.#state = { ...this.#state, messages: Object.freeze(messages) }
    this.#usage = usage
  }
}

function readSaid(content: string | ChatMessage | readonly ChatMessage[]): readonly ChatMessage[] {
  if (typeof content === 'string') return copyMessages([{ role: 'user', content }], 'messages')
  const messages = copyMessages(Array.isArray(content) ? content : [content], 'messages')
  if (messages.length === 0) throw fieldInvalid('messages', 'must not be empty')
  return messages
}
