import { createDetokenizer, encodePrompt, type Tokenizer } from '@sampan/text'
import type { KnownTokens } from '../backend.ts'
import { firstBorder, type PromptEncoder } from './prompt-encoder.ts'
import { type KnownText, mostCharacters } from './prompt-memory.ts'
import { sameSpecials } from './same-specials.ts'

/** For another time, in which there is none of this memory. */
export function toKnownTokens({ text, tokens, answerEnds }: KnownText, tokenizer: Tokenizer): KnownTokens {
  const end = tokens.length - answerEnds.length
  const prompt = tokens.slice(0, end)
  return { prompt, added: firstBorder(tokenizer, text, [...prompt]).tokens, answer: tokens.slice(end) }
}

/**
 * Remembers tokens that may come from anywhere. Their text is what they spell, so that they stand for nothing else: if a prompt does
 * not begin with that text, they are not used. Such as are none of the vocabulary's, that say more than their text, or whose marks of turns are
 * only spelled, are left out as a whole: every later prompt that begins so would have them.
 */
export function rememberTokens(encoder: PromptEncoder, tokenizer: Tokenizer, known: KnownTokens): void {
  const { prompt, added, answer } = known
  if ([prompt, answer].some((tokens) => tokens.some((token) => token >= tokenizer.vocabularySize))) return
  const read = createDetokenizer(tokenizer)
  const text = Array.from(prompt.subarray(added), (token) => read.push(token)).join('')
  const write = createDetokenizer(tokenizer)
  const pieces = Array.from(answer, (token) => write.push(token))
  if (firstBorder(tokenizer, text, [...prompt]).tokens !== added) return
  const whole = text + pieces.join('')
  if (whole.length > mostCharacters) return
  const anew = encodePrompt(tokenizer, whole)
  if (!sameSpecials(tokenizer, [...prompt, ...answer], anew)) return
  const trace = encoder.trace(text, [...prompt])
  for (const [index, token] of answer.entries()) trace.push(token, pieces[index])
  trace.end()
}
