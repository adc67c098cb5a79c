import type { KnownTokens } from '../backend.ts'
import { fieldInvalid, readCount, readFields, readList } from '../chat/request-fields.ts'
import type { SavedTokens } from './session-types.ts'

/** More than any context holds. */
const MAX_TOKENS = 2 ** 22
const MAX_TOKEN_ID = 2 ** 32 - 1

export function saveTokens({ prompt, added, answer }: KnownTokens): SavedTokens {
  return { prompt: [...prompt], added, answer: [...answer] }
}

/** @throws SampanError `request-invalid`, `request-unsupported`, naming the field */
export function readTokens(value: unknown): KnownTokens {
  const { prompt, added, answer } = readFields(value, 'tokens', ['prompt', 'added', 'answer'], 'what `save()` gave')
  const tokens = {
    prompt: readIds(prompt, 'tokens.prompt'),
    added: readCount(added, 'tokens.added'),
    answer: readIds(answer, 'tokens.answer'),
  }
  if (tokens.added > tokens.prompt.length) throw fieldInvalid('tokens.added', 'is more than there are in tokens.prompt')
  return tokens
}

function readIds(value: unknown, path: string): Uint32Array {
  return Uint32Array.from(readList(value, path, MAX_TOKENS), (id, index) => {
    const at = `${path}[${index}]`
    const token = readCount(id, at)
    if (token > MAX_TOKEN_ID) throw fieldInvalid(at, 'is the id of no token')
    return token
  })
}
