import { type Tokenizer, toolCallFrames } from '@sampan/text'

export const thinkOpen = '<think>'
export const thinkClose = '</think>'

/** Tokens that are tags of thoughts or calls. Some files mark them as control tokens, although they are part of what a model says. */
export function tagTokens(tokenizer: Tokenizer): ReadonlySet<number> {
  const frames = Object.values(toolCallFrames).flatMap(({ first, open, close, last }) => [first, open, close, last])
  const tags = [thinkOpen, thinkClose, ...frames.flatMap((frame) => frame.match(/<[^<>]+>/g) ?? [])]
  return new Set(tags.flatMap((tag) => tokenizer.idOf(tag) ?? []))
}

/** Text of a token by itself; '' for rows that pad the embedding matrix. */
export function textOfToken(tokenizer: Tokenizer, token: number): string {
  return token < tokenizer.vocabularySize ? tokenizer.decode([token]) : ''
}
