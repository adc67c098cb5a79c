import type { Tokenizer } from './tokenizer/tokenizer.ts'

/**
 * Token ids of a rendered chat prompt, its special tokens read as such. BOS goes before it only if the tokenizer adds
 * one and the prompt does not begin with it already; EOS never follows, since the model is to go on.
 *
 * @throws TextError `text-too-long`
 */
export function encodePrompt(tokenizer: Tokenizer, rendered: string): number[] {
  const ids = tokenizer.encode(rendered, { addSpecialTokens: false })
  const { bosTokenId, addsBos } = tokenizer
  return addsBos && bosTokenId !== undefined && ids[0] !== bosTokenId ? [bosTokenId, ...ids] : ids
}
