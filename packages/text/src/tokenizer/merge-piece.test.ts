import { expect, test } from 'vitest'
import { readFixtureText } from '../../fixtures/read.ts'
import { tokenizerFromJson } from './from-json.ts'
import { mergePiece } from './merge-piece.ts'
import { MergeTable } from './merge-table.ts'
import { Vocabulary } from './vocabulary.ts'

const letters = ['a', 'b', 'aa', 'ab', 'ba', 'aab', 'abab', 'aaaa', 'bab']
const rules: readonly (readonly [string, string])[] = [
  ['a', 'b'],
  ['a', 'a'],
  ['b', 'a'],
  ['ab', 'ab'],
  ['a', 'ab'],
  ['aa', 'aa'],
  ['b', 'ab'],
]

function merge(ids: readonly number[], merges: MergeTable): number[] {
  const symbols = Int32Array.from(ids)
  return [...symbols.subarray(0, mergePiece(symbols, ids.length, merges))]
}

/** The definition: join the leftmost pair of lowest rank until none is left. */
function mergeByDefinition(ids: readonly number[], merges: MergeTable): number[] {
  const symbols = [...ids]
  for (;;) {
    const ranks = symbols.slice(1).map((right, at) => merges.rank(symbols[at] ?? -1, right))
    const best = Math.min(...ranks.map((rank) => (rank < 0 ? Number.POSITIVE_INFINITY : rank)))
    if (!Number.isFinite(best)) return symbols
    symbols.splice(ranks.indexOf(best), 2, merges.merged(best))
  }
}

test('short and long pieces merge as the definition says', () => {
  const vocabulary = new Vocabulary(letters)
  const merges = new MergeTable(vocabulary, rules.length, rules)
  for (let length = 0; length < 130; length++) {
    for (let seed = 1; seed < 12; seed++) {
      const ids = Array.from({ length }, (_, at) => ((at * at * seed + at * (seed >> 1)) >> (seed % 3)) % 2)
      expect(merge(ids, merges)).toEqual(mergeByDefinition(ids, merges))
    }
  }
})

test('a hundred thousand characters without a break encode and come back', () => {
  const tokenizer = tokenizerFromJson(readFixtureText('qwen2.tokenizer.json'))
  for (const text of ['a'.repeat(100_000), '中文没有空格'.repeat(20_000), '!?'.repeat(50_000), ' '.repeat(100_000)]) {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
  }
})

test('a text over the limit is a typed error', () => {
  const tokenizer = tokenizerFromJson(readFixtureText('qwen2.tokenizer.json'))
  expect(() => tokenizer.encode(' '.repeat((1 << 25) + 1))).toThrowError(
    expect.objectContaining({ code: 'text-too-long' }),
  )
})
