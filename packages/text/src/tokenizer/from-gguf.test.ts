import { describe, expect, test } from 'vitest'
import { ggufMetadataOf } from '../../fixtures/read.ts'
import { tokenizerFromGguf } from './from-gguf.ts'

function changed(changes: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const metadata = ggufMetadataOf('qwen2', 'qwen2')
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) metadata.delete(`tokenizer.ggml.${name}`)
    else metadata.set(`tokenizer.ggml.${name}`, value)
  }
  return metadata
}

describe('a faulty GGUF tokenizer is a typed error', () => {
  const malformed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'missing merges': { merges: undefined },
    'merges of the wrong type': { merges: new Float32Array(4) },
    'a merge without its second half': { merges: ['a'] },
    'a merge of unknown tokens': { merges: ['zq zq'] },
    'missing tokens': { tokens: undefined },
    'no tokens': { tokens: [], token_type: [], merges: [] },
    'tokens of the wrong type': { tokens: [1, 2] },
    'a token twice': { tokens: ['a', 'b', 'a'], token_type: [1, 1, 1], merges: [] },
    'a plain token twice': { tokens: ['｜', '｜'], token_type: [3, 3], merges: [] },
    'too few token types': { token_type: new Int32Array(3) },
    'a BOS outside the vocabulary': { bos_token_id: 4_000_000 },
    'a BOS that is no number': { bos_token_id: '1' },
    'a flag that is no flag': { add_bos_token: 1 },
    'missing model': { model: undefined },
  }
  for (const [name, changes] of Object.entries(malformed)) {
    test(name, () => {
      expect(() => tokenizerFromGguf(changed(changes))).toThrowError(
        expect.objectContaining({ code: 'tokenizer-malformed' }),
      )
    })
  }

  test('a SentencePiece model says what is supported', () => {
    expect(() => tokenizerFromGguf(changed({ model: 'llama' }))).toThrowError(/byte-level BPE/)
  })

  test('an unknown pre-tokenizer lists the known ones', () => {
    expect(() => tokenizerFromGguf(changed({ pre: 'klingon' }))).toThrowError(/known are .*qwen2.*smollm/)
  })

  test('a vocabulary over the limit is refused before anything is allocated', () => {
    const tokens = Array.from({ length: (1 << 20) + 1 }, () => '')
    expect(() => tokenizerFromGguf(changed({ tokens, token_type: undefined, merges: [] }))).toThrowError(
      expect.objectContaining({ code: 'tokenizer-limit-exceeded' }),
    )
  })
})

test('BOS, end tokens and names follow the metadata', () => {
  const ids = tokenizerFromGguf(changed({}))
  const [end, start] = [ids.idOf('<|im_end|>'), ids.idOf('<|im_start|>')]
  const tokenizer = tokenizerFromGguf(changed({ bos_token_id: start, eos_token_id: end, add_bos_token: true }))
  expect(tokenizer.bosToken).toBe('<|im_start|>')
  expect(tokenizer.encode('')).toEqual([start])
  expect(tokenizer.encode('', { addSpecialTokens: false })).toEqual([])
  expect(tokenizer.endTokenIds).toEqual([ids.idOf('<|endoftext|>'), end].sort())
  expect(tokenizer.isSpecial(end ?? -1)).toBe(true)
  expect(tokenizer.isSpecial(ids.idOf('<think>') ?? -1)).toBe(false)
  expect(new TextDecoder().decode(tokenizer.tokenBytes(ids.idOf('Ġthe') ?? -1))).toBe(' the')
  expect(ids.idOf('no such token')).toBeUndefined()
})

test('SmolLM digits: plain GPT-2 as transformers reads a GGUF, each apart as llama.cpp does', () => {
  const metadata = ggufMetadataOf('smollm', 'smollm')
  const digits = (convention: 'transformers' | 'llama.cpp'): string[] => {
    const tokenizer = tokenizerFromGguf(metadata, { convention })
    return tokenizer.encode('  12').map((id) => tokenizer.decode([id]))
  }
  expect(digits('transformers')).toEqual([' ', ' ', '1', '2'])
  expect(digits('llama.cpp')).toEqual(['  ', '1', '2'])
})

test('lone surrogates are U+FFFD', () => {
  const tokenizer = tokenizerFromGguf(changed({}))
  for (const text of ['\ud800', 'a\udc00b', '\ude00\ud83d', 'x\ud83d']) {
    const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd')
    expect(tokenizer.encode(text)).toEqual(tokenizer.encode(wellFormed))
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(wellFormed)
  }
})
