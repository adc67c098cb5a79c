import type { Tokenizer } from '@sampan/text'

/**
 * Whether the same special tokens stand in both, in order. Ordinary tokens may spell what marks a turn, and then mark none: two lists may
 * say the same text and mean different conversations.
 */
export function sameSpecials(tokenizer: Tokenizer, one: Iterable<number>, other: Iterable<number>): boolean {
  const specials = [...one].filter((token) => tokenizer.isSpecial(token))
  const others = [...other].filter((token) => tokenizer.isSpecial(token))
  return specials.length === others.length && specials.every((token, index) => token === others[index])
}
