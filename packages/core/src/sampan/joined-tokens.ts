import type { Tokenizer } from '@sampan/text'
import type { LastToken, LeadingSpace } from './constraints/whole-json.ts'

/** How an object may begin, by tokens. */
const OBJECT_BEGINNINGS = ['{', '{"', '{}', '{\n']

/** Undefined where a space is no token. */
export function leadingSpace(tokenizer: Tokenizer): LeadingSpace | undefined {
  const token = tokenOf(tokenizer, ' ')
  if (token === undefined) return undefined
  const joined = OBJECT_BEGINNINGS.flatMap((text): (readonly [number, number])[] => {
    const [led, bare] = [tokenOf(tokenizer, ` ${text}`), tokenOf(tokenizer, text)]
    return led === undefined || bare === undefined ? [] : [[led, bare]]
  })
  return { token, joined: new Map(joined) }
}

/** Of the whole vocabulary: tokens with a brace and the beginning of `close` behind it. */
export function lastTokens(tokenizer: Tokenizer, close: string): ReadonlyMap<number, LastToken> {
  const found = new Map<number, LastToken>()
  for (let token = 0; token < tokenizer.vocabularySize; token++) {
    const bytes = tokenizer.tokenBytes(token)
    if (!bytes.includes(0x7d)) continue
    const text = new TextDecoder().decode(bytes)
    const at = [...text.matchAll(/\}/g)]
      .map(({ index }) => index + 1)
      .find((end) => isBeginning(close, text.slice(end)))
    const bare = at === undefined ? undefined : tokenOf(tokenizer, text.slice(0, at))
    if (at !== undefined && bare !== undefined) found.set(token, { bare, beyond: text.slice(at) })
  }
  return found
}

function isBeginning(close: string, text: string): boolean {
  return text !== '' && close.startsWith(text)
}

function tokenOf(tokenizer: Tokenizer, text: string): number | undefined {
  const [token, ...more] = tokenizer.encode(text, { addSpecialTokens: false })
  return token !== undefined && more.length === 0 ? token : undefined
}
