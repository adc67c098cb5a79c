import { expect, it } from 'vitest'
import { WholeWords } from './whole-words.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'
const words = [...letters].flatMap((one) => [...letters].map((other) => `Ġ${one}${other}`))

it('makes a text of as many whole words as ids, the same for the same', () => {
  const vocabulary = WholeWords.of(new Map([['tokenizer.ggml.tokens', ['<|end|>', 'Ġ', 'ab', 'Ġa', 'Ġ12', ...words]]]))
  expect(vocabulary?.text([0, 1, words.length])).toBe(' aa ab aa')
  const [one, other] = [vocabulary?.text([5, 7, 9]), vocabulary?.text([5, 7, 10])]
  expect(one?.match(/ [a-z]+/g)).toHaveLength(3)
  expect(other?.startsWith(vocabulary?.text([5, 7]) ?? '-')).toBe(true)
  expect(other).not.toBe(one)
})

it('has none of a vocabulary without words', () => {
  expect(WholeWords.of(new Map([['tokenizer.ggml.tokens', ['a', 'b']]]))).toBeUndefined()
  expect(WholeWords.of(new Map())).toBeUndefined()
})
