import { expect, test } from 'vitest'
import { readFixture, readFixtureText } from '../fixtures/read.ts'
import { createDetokenizer } from './detokenizer.ts'
import { tokenizerFromJson } from './tokenizer/from-json.ts'

const tokenizer = tokenizerFromJson(readFixtureText('qwen2.tokenizer.json'))

/** A small linear congruential generator: the same sequences on every run. */
function randomIds(seed: number, count: number): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % tokenizer.vocabularySize
  })
}

test('any sequence of tokens streams to what decode gives', () => {
  for (let seed = 0; seed < 300; seed++) {
    const ids = randomIds(seed, 40)
    for (const skipSpecialTokens of [false, true]) {
      const stream = createDetokenizer(tokenizer, { skipSpecialTokens })
      const streamed = ids.map((id) => stream.push(id)).join('') + stream.flush()
      expect(streamed).toBe(tokenizer.decode(ids, { skipSpecialTokens }))
    }
  }
})

test('never half a character: every step of valid text is its prefix and free of U+FFFD', () => {
  for (const text of readFixture('corpus.json')) {
    const normalized = text.normalize('NFC')
    if (normalized.includes('\ufffd')) continue
    const stream = createDetokenizer(tokenizer)
    let shown = ''
    for (const id of tokenizer.encode(text)) {
      shown += stream.push(id)
      expect(normalized.startsWith(shown), JSON.stringify([text, shown])).toBe(true)
      expect(shown).not.toMatch(/\p{Surrogate}/u)
    }
    expect(shown + stream.flush()).toBe(normalized)
  }
})

test('an emoji of four byte tokens comes out whole with the last', () => {
  const stream = createDetokenizer(tokenizer)
  const bytes = [...new TextEncoder().encode('🧋')]
  const byteIds = new Map(
    Array.from({ length: tokenizer.vocabularySize }, (_, id) => [tokenizer.tokenBytes(id), id] as const)
      .filter(([token]) => token.length === 1)
      .map(([token, id]) => [token[0] ?? 0, id]),
  )
  expect(bytes.map((byte) => stream.push(byteIds.get(byte) ?? 0))).toEqual(['', '', '', '🧋'])
  expect(stream.push(byteIds.get(0xf0) ?? 0)).toBe('')
  expect(stream.push(byteIds.get(0x41) ?? 0)).toBe('\ufffdA')
  stream.push(byteIds.get(0xe4) ?? 0)
  expect(stream.flush()).toBe('\ufffd')
  expect(stream.push(byteIds.get(0x42) ?? 0)).toBe('B')
})

test('an id outside the vocabulary is a typed error', () => {
  for (const id of [-1, 1.5, Number.NaN, tokenizer.vocabularySize]) {
    expect(() => createDetokenizer(tokenizer).push(id)).toThrowError(
      expect.objectContaining({ code: 'token-out-of-range' }),
    )
  }
})
