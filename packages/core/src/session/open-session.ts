import { isAbsent, readOptional, readString } from '../chat/request-fields.ts'
import type { ChatMessage } from '../chat/request-types.ts'
import { copyConversation } from './copy-messages.ts'
import { checkOptions, optionInvalid, readOnAbort, readOnFull, readSessionFields } from './read-options.ts'
import { readSaved } from './read-saved.ts'
import { Session } from './session.ts'
import type { SessionModel } from './session-model.ts'
import { SessionSource } from './session-source.ts'
import type { SessionOptions } from './session-types.ts'

/** @throws SampanError `request-invalid`, `request-unsupported`, `option-invalid`, `session-mismatch` */
export function openSession(model: SessionModel, options: SessionOptions): Session {
  checkOptions(options, 'session')
  const { system, messages, restore, allowOtherModel, onFull, onAbort, ...fields } = options
  const saved = isAbsent(restore) ? undefined : readSaved(restore, model.info, allowOtherModel === true)
  if (saved && (!isAbsent(system) || !isAbsent(messages)))
    throw optionInvalid(isAbsent(system) ? 'messages' : 'system', 'left out beside `restore`, which has its own')
  const state = {
    messages: saved?.messages ?? conversation(system, messages),
    fields: readSessionFields(fields, saved?.fields),
    onFull: readOnFull(onFull) ?? saved?.onFull ?? 'error',
    onAbort: readOnAbort(onAbort) ?? saved?.onAbort ?? 'keep',
  }
  return new Session(model, state, new SessionSource(model.client, saved?.tokens))
}

function conversation(system: unknown, messages: unknown): readonly ChatMessage[] {
  const prompt = readOptional(system, 'system', readString)
  const first = prompt === undefined ? [] : [{ role: 'system', content: prompt }]
  return copyConversation(Array.isArray(messages) ? [...first, ...messages] : isAbsent(messages) ? first : messages)
}
