import { expect, test } from 'vitest'
import { compilePattern } from './pattern.ts'

const pieces = (pattern: string, text: string): string[] => text.match(compilePattern(pattern)) ?? []

test("Oniguruma's white space: with U+0085, without U+FEFF", () => {
  expect(pieces('\\s', 'a\u0085\ufeff\u3000\u200b')).toEqual(['\u0085', '\u3000'])
  expect(pieces('[^\\s]', 'a\u0085\ufeff ')).toEqual(['a', '\ufeff'])
  expect(pieces('[\\S]+', 'a\u0085b')).toEqual(['a', 'b'])
})

test('case is folded as Unicode does, inside the group only', () => {
  expect(pieces("(?i:'s|'k)|x", "'s'S'\u017f'k'K'\u212axX")).toEqual([
    "'s",
    "'S",
    "'\u017f",
    "'k",
    "'K",
    "'\u212a",
    'x',
  ])
  expect(pieces('(?i:[a-b])', 'aAbBc')).toEqual(['a', 'A', 'b', 'B'])
})

test('characters outside the first plane are one character', () => {
  expect(pieces('.', '😀a')).toEqual(['😀', 'a'])
  expect(pieces('\\p{So}', '😀a')).toEqual(['😀'])
})

test('anchors are per line, scripts go by name, escapes keep their meaning', () => {
  expect(pieces('^.$', 'a\nb\r\n')).toEqual(['a'])
  expect(pieces('\\p{Han}+', 'ab漢字c')).toEqual(['漢字'])
  expect(pieces('[\\x{4e00}-\\x{9fff}\\-\\]]+|\\u0041', '一-]A')).toEqual(['一-]', 'A'])
  expect(pieces('\\p{^L}|\\P{N}', '1a')).toEqual(['1', 'a'])
})

test('a pattern over the limit is refused', () => {
  expect(() => compilePattern('a'.repeat(4097))).toThrowError(
    expect.objectContaining({ code: 'tokenizer-limit-exceeded' }),
  )
})
