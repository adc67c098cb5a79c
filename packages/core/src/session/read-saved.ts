import type { KnownTokens, ModelInfo } from '../backend.ts'
import { type Fields, fieldInvalid, isFields, readFields, readOptional, readString } from '../chat/request-fields.ts'
import { SampanError } from '../errors.ts'
import { copyConversation } from './copy-messages.ts'
import { readOnAbort, readOnFull, readSessionFields } from './read-options.ts'
import { readTokens } from './saved-tokens.ts'
import type { SavedSession, SessionFields } from './session-types.ts'

const KNOWN = ['type', 'version', 'model', 'messages', 'fields', 'onFull', 'onAbort', 'tokens']

/** What a session goes on from. */
export interface RestoredSession extends Omit<SavedSession, 'tokens' | 'type' | 'version' | 'model'> {
  readonly tokens?: KnownTokens
}

/**
 * Checks what is said to be a saved session: it may come from anywhere.
 * @throws SampanError `request-invalid` or another that names the field; `session-mismatch` where it is another model's
 */
export function readSaved(value: unknown, info: ModelInfo, allowOtherModel: boolean): RestoredSession {
  const saved = readFields(value, 'restore', KNOWN, 'what `save()` gave')
  if (saved['type'] !== 'sampan-session') throw fieldInvalid('restore.type', 'must be sampan-session')
  if (saved['version'] !== 1)
    throw fieldInvalid('restore.version', 'is not 1, the only one that this version of Sampan reads')
  const model = readModel(saved['model'])
  const isSame = isSameModel(model, info)
  if (!isSame && !allowOtherModel) throw anotherModel(model, info)
  return within('restore', () => {
    const onFull = readOnFull(saved['onFull'])
    if (typeof onFull === 'function') throw fieldInvalid('onFull', 'must be error or drop-oldest')
    const tokens = readOptional(saved['tokens'], 'tokens', readTokens)
    return {
      messages: copyConversation(saved['messages']),
      fields: readSavedFields(saved['fields']),
      onAbort: readOnAbort(saved['onAbort']) ?? 'keep',
      ...(onFull && { onFull }),
      // To another model they say something else.
      ...(isSame && tokens && { tokens }),
    }
  })
}

function readModel(value: unknown): SavedSession['model'] {
  const fields = readObject(value, 'restore.model')
  const hash = readOptional(fields['hash'], 'restore.model.hash', readString)
  return { source: readString(fields['source'], 'restore.model.source'), ...(hash !== undefined && { hash }) }
}

function readSavedFields(value: unknown): SessionFields {
  const fields = readObject(value, 'fields')
  return within('fields', () => readSessionFields(fields))
}

/** By the files' hash, wherever they lie; by their address where one of the two has none. */
function isSameModel(saved: SavedSession['model'], { source, hash }: ModelInfo): boolean {
  return saved.hash !== undefined && hash !== undefined ? saved.hash === hash : saved.source === source
}

function anotherModel(saved: SavedSession['model'], { source, hash }: ModelInfo): SampanError {
  return new SampanError(
    'session-mismatch',
    `The session was saved with another model, ${JSON.stringify(saved.source)}; this one is ${JSON.stringify(source)}. Load that one, or pass allowOtherModel: true to go on with this.`,
    { saved, loaded: { source, ...(hash !== undefined && { hash }) } },
  )
}

function readObject(value: unknown, path: string): Fields {
  if (!isFields(value)) throw fieldInvalid(path, 'must be an object')
  return value
}

/** Errors name the field by its whole path. */
function within<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!SampanError.isInstance(error)) throw error
    const { code, message, details } = error
    const name = details['field'] ?? details['option']
    throw new SampanError(code, `${path}: ${message}`, {
      ...details,
      ...(typeof name === 'string' && { field: `${path}.${name}` }),
    })
  }
}
