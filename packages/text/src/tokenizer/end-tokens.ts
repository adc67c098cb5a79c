/** Marks with which well-known chat models end an answer; they count where a tokenizer has them as special tokens. */
const wellKnownEndTokens = [
  '<|im_end|>',
  '<|endoftext|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|end_of_text|>',
  '<｜end▁of▁sentence｜>',
]

/** Declared ids and well-known special tokens together, ascending and without repetition. */
export function collectEndTokens(
  declared: readonly (number | undefined)[],
  specialTokens: readonly { readonly id: number; readonly content: string; readonly special: boolean }[],
): readonly number[] {
  const ids = new Set(declared.filter((id) => id !== undefined))
  for (const token of specialTokens) if (token.special && wellKnownEndTokens.includes(token.content)) ids.add(token.id)
  return [...ids].sort((a, b) => a - b)
}
