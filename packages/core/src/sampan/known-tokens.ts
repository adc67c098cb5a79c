import { createDetokenizer, type Tokenizer } from '@sampan/text'
import type { KnownTokens } from '../backend.ts'
import { firstBorder, type PromptEncoder } from './prompt-encoder.ts'
import type { KnownText } from './prompt-memory.ts'

/** For another time, in which there is none of this memory. */
export function toKnownTokens({ text, tokens, answerEnds }: KnownText, tokenizer: Tokenizer): KnownTokens {
  const end = tokens.length - answerEnds.length
  const prompt = tokens.slice(0, end)
  return { prompt, added: firstBorder(tokenizer, text, [...prompt]).tokens, answer: tokens.slice(end) }
}

/**
 * Remembers tokens that may come from anywhere. Their text is what they spell, so that they stand for nothing else: if a prompt does
 * not begin with that text, they are not used. Such as are none of the vocabulary's are left out as a whole.
 */
export function rememberTokens(encoder: PromptEncoder, tokenizer: Tokenizer, known: KnownTokens): void {
  const { prompt, added, answer } = known
  if ([prompt, answer].some((tokens) => tokens.some((token) => token >= tokenizer.vocabularySize))) return
  const read = createDetokenizer(tokenizer)
  const pieces = Array.from(prompt.subarray(added), (token) => read.push(token))
  const trace = encoder.trace(pieces.join(''), [...prompt])
  const write = createDetokenizer(tokenizer)
  for (const token of answer) trace.push(token, write.push(token))
  trace.end()
}
