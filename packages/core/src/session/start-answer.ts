import { AnswerRun } from '../chat/answer-run.ts'
import type { ChatCompletionRequestNonStreaming, ChatMessage } from '../chat/request-types.ts'
import { type ValidRequest, validateRequest } from '../chat/validate-request.ts'
import { turnsDropped } from '../chat/without-oldest-turns.ts'
import { SampanError } from '../errors.ts'
import { measure, shorten } from './make-room.ts'
import type { SessionModel } from './session-model.ts'
import type { SessionSource } from './session-source.ts'
import type { ContextStrategy, SessionFields } from './session-types.ts'

/** Of an app's own strategy: one that gives no shorter conversation is not asked for ever. */
const MAX_TRIES = 3

export interface Asked {
  readonly messages: readonly ChatMessage[]
  readonly fields: SessionFields & Pick<ChatCompletionRequestNonStreaming, 'continue_final_message'>
  readonly onFull: ContextStrategy
}

export interface StartedAnswer {
  readonly run: AnswerRun
  readonly request: ValidRequest
  /** What is answered: all that was asked, or what was made of it for lack of room. */
  readonly messages: readonly ChatMessage[]
}

/** Resolves when the model has accepted the request. */
export async function startAnswer(
  model: SessionModel,
  source: SessionSource,
  { messages: asked, fields, onFull }: Asked,
  signal: AbortSignal,
): Promise<StartedAnswer> {
  const mostTries = typeof onFull === 'function' ? MAX_TRIES : asked.length
  let messages = asked
  for (let tries = 0; ; tries++) {
    const request = validateRequest({ ...fields, messages })
    const makeShorter = async (promptTokens?: number): Promise<readonly ChatMessage[] | undefined> =>
      tries < mostTries ? shorten(messages, onFull, model.info, promptTokens, signal) : undefined
    const fill = onFull === 'error' ? undefined : await measure(model, request, signal)
    let shorter = fill?.full ? await makeShorter(fill.promptTokens) : undefined
    if (!shorter) {
      const dropped = onFull === 'drop-oldest' ? asked.length - messages.length : 0
      const answering = dropped > 0 ? source.beginningWith(turnsDropped(dropped)) : source
      try {
        return { run: await AnswerRun.start(answering, request, signal), request, messages }
      } catch (error) {
        // Backends that do not count tell only now.
        if (!SampanError.isInstance(error) || error.code !== 'context-length-exceeded') throw error
        shorter = await makeShorter(fill?.promptTokens)
        if (!shorter) throw error
      }
    }
    messages = shorter
  }
}
