import type { AddedToken } from './added-tokens.ts'
import type { JsonFields } from './json-fields.ts'
import { maxVocabularySize } from './limits.ts'

/** `added_tokens` of tokenizer.json, and those that only tokenizer_config.json's `added_tokens_decoder` has. */
export function readAddedTokens(tokenizer: JsonFields, config: JsonFields | undefined): readonly AddedToken[] {
  const byId = new Map<number, AddedToken>()
  if (tokenizer.has('added_tokens')) {
    for (const fields of tokenizer.objects('added_tokens')) {
      const id = fields.index('id', maxVocabularySize)
      byId.set(id, readAddedToken(id, fields))
    }
  }
  const decoder = config?.optionalObject('added_tokens_decoder')
  for (const [key] of decoder?.entries() ?? []) {
    const id = Number(key)
    if (decoder === undefined || byId.has(id) || !Number.isInteger(id) || id < 0 || id >= maxVocabularySize) continue
    byId.set(id, readAddedToken(id, decoder.object(key)))
  }
  return [...byId.values()]
}

function readAddedToken(id: number, fields: JsonFields): AddedToken {
  const special = fields.flag('special', false)
  return {
    id,
    content: fields.text('content'),
    special,
    normalized: fields.flag('normalized', !special),
    leftStrip: fields.flag('lstrip', false),
    rightStrip: fields.flag('rstrip', false),
    singleWord: fields.flag('single_word', false),
  }
}
