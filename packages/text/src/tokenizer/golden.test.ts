import { describe, expect, test } from 'vitest'
import { type ExpectedTokenizer, ggufMetadataOf, readFixture, readFixtureText } from '../../fixtures/read.ts'
import { createDetokenizer } from '../detokenizer.ts'
import { tokenizerFromGguf } from './from-gguf.ts'
import { tokenizerFromJson } from './from-json.ts'
import type { Tokenizer } from './tokenizer.ts'

const corpus = readFixture('corpus.json')

function expectSame(tokenizer: Tokenizer, { rows }: ExpectedTokenizer): void {
  for (const [index, text] of corpus.entries()) {
    const row = rows[index]
    expect(row, 'the corpus and the expectations come from one run of make.py').toBeDefined()
    if (row === undefined) continue
    const named = JSON.stringify(text)
    expect(tokenizer.encode(text, { addSpecialTokens: false }), named).toEqual(row.ids)
    const plain = tokenizer.encode(text, { addSpecialTokens: false, parseSpecial: false })
    expect(plain, `${named} as plain text`).toEqual(row.plain ?? row.ids)
    expect(tokenizer.decode(row.ids), named).toBe(row.decoded ?? text)
    expect(tokenizer.decode(row.ids, { skipSpecialTokens: true }), named).toBe(row.skipped ?? text)
    const stream = createDetokenizer(tokenizer)
    expect(row.ids.map((id) => stream.push(id)).join('') + stream.flush(), named).toBe(tokenizer.decode(row.ids))
  }
}

describe('ids equal those of the Python tokenizers library over the nasty corpus', () => {
  for (const [kind, expected] of Object.entries(readFixture('tokenizers.expected.json'))) {
    test(`tokenizer.json, ${kind}`, () => {
      const tokenizer = tokenizerFromJson(readFixtureText(`${kind}.tokenizer.json`))
      expectSame(tokenizer, expected)
      expect(tokenizer.encode('Hello')).toEqual(expected.withSpecial)
    })
  }
})

describe("ids equal those of transformers' GGUF conversion", () => {
  for (const [name, expected] of Object.entries(readFixture('gguf.expected.json'))) {
    const [kind = '', pre = ''] = name.split('/')
    test(`vocabulary of ${kind}, pre-tokenizer ${pre}`, () => {
      expectSame(tokenizerFromGguf(ggufMetadataOf(kind, pre)), expected)
    })
  }
})
