import { describe, expect, test } from 'vitest'
import { readFixtureText } from '../../fixtures/read.ts'
import { tokenizerFromJson } from './from-json.ts'

/** The trained Qwen2-style file with one part replaced. */
function changed(part: string, value: unknown): string {
  return JSON.stringify({ ...JSON.parse(readFixtureText('qwen2.tokenizer.json')), [part]: value })
}

function changedModel(part: string, value: unknown): string {
  const { model } = JSON.parse(readFixtureText('qwen2.tokenizer.json'))
  return changed('model', { ...model, [part]: value })
}

function codeOf(json: string): unknown {
  try {
    tokenizerFromJson(json)
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
  return undefined
}

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: false }
const split = (pattern: string): unknown => ({
  type: 'Sequence',
  pretokenizers: [{ type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false }, byteLevel],
})

describe('a faulty tokenizer.json is a typed error', () => {
  const malformed: Readonly<Record<string, string>> = {
    'text that is no JSON': '{"model"',
    'a list': '[]',
    'no model': changed('model', null),
    'no merges': changedModel('merges', undefined),
    'merges that are no list': changedModel('merges', { a: 'b' }),
    'a merge of one half': changedModel('merges', ['a']),
    'a merge of unknown tokens': changedModel('merges', [['zq', 'zq']]),
    'a vocabulary that is a list': changedModel('vocab', ['a']),
    'an id that is text': changedModel('vocab', { a: '0' }),
    'an id below zero': changedModel('vocab', { a: -1 }),
    'an id over the limit': changedModel('vocab', { a: 2 ** 31 }),
    'one id for two tokens': changedModel('vocab', { a: 0, b: 0 }),
    'an added token over another': changed('added_tokens', [{ id: 0, content: '<x>', special: true }]),
    'added tokens that are text': changed('added_tokens', 'x'),
    'a flag that is text': changedModel('ignore_merges', 'yes'),
  }
  for (const [name, json] of Object.entries(malformed)) {
    test(name, () => expect(codeOf(json)).toBe('tokenizer-malformed'))
  }
})

describe('what is not supported says what is', () => {
  const unsupported: Readonly<Record<string, string>> = {
    Unigram: changedModel('type', 'Unigram'),
    WordPiece: changedModel('type', 'WordPiece'),
    'SentencePiece BPE': changedModel('byte_fallback', true),
    'a normaliser that replaces': changed('normalizer', { type: 'Prepend', prepend: '▁' }),
    Metaspace: changed('pre_tokenizer', { type: 'Metaspace', replacement: '▁' }),
    'no pre-tokenizer': changed('pre_tokenizer', null),
    'BERT templates': changed('post_processor', { type: 'BertProcessing' }),
    'a possessive pattern': changed('pre_tokenizer', split('\\p{L}++')),
    'a pattern of exponential time': changed('pre_tokenizer', split('(?:a+)+$')),
    'a pattern of exponential time in two groups': changed('pre_tokenizer', split('((\\s|a*)b?)*c')),
    'a class in a class': changed('pre_tokenizer', split('[a[bc]]')),
    'a back-reference': changed('pre_tokenizer', split('(a)\\1')),
    'an unknown property': changed('pre_tokenizer', split('\\p{Klingon}')),
    'an open group': changed('pre_tokenizer', split('(a')),
    'a group too many': changed('pre_tokenizer', split('a)')),
  }
  for (const [name, json] of Object.entries(unsupported)) {
    test(name, () => expect(codeOf(json)).toBe('tokenizer-unsupported'))
  }
})

test('tokenizer_config.json and generation_config.json name BOS, EOS and what ends an answer', () => {
  const tokenizer = tokenizerFromJson(readFixtureText('qwen2.tokenizer.json'), {
    tokenizerConfig: JSON.stringify({
      bos_token: { content: '<|im_start|>' },
      eos_token: '<|im_end|>',
      add_bos_token: true,
    }),
    generationConfig: JSON.stringify({ eos_token_id: [3, 1] }),
  })
  const [bos, eos] = [tokenizer.idOf('<|im_start|>'), tokenizer.idOf('<|im_end|>')]
  expect([tokenizer.bosTokenId, tokenizer.eosTokenId, tokenizer.addsBos]).toEqual([bos, eos, true])
  expect(tokenizer.encode('').at(0)).toBe(bos)
  expect(tokenizer.endTokenIds).toEqual([1, 3, tokenizer.idOf('<|endoftext|>'), eos])
})

test('add_bos_token false overrules the template of tokenizer.json', () => {
  const json = readFixtureText('llama3.tokenizer.json')
  const bos = '<|begin_of_text|>'
  expect(tokenizerFromJson(json).bosToken).toBe(bos)
  const without = tokenizerFromJson(json, { tokenizerConfig: JSON.stringify({ bos_token: bos, add_bos_token: false }) })
  expect(without.addsBos).toBe(false)
  expect(without.encode('')).toEqual([])
})

test('keys such as __proto__ are plain tokens', () => {
  const json =
    '{"model":{"type":"BPE","vocab":{"__proto__":0,"constructor":1},"merges":[]},"pre_tokenizer":{"type":"ByteLevel"}}'
  const tokenizer = tokenizerFromJson(json)
  expect([tokenizer.idOf('__proto__'), tokenizer.idOf('constructor'), tokenizer.idOf('toString')]).toEqual([
    0,
    1,
    undefined,
  ])
})
