import { TextError } from '../errors.ts'
import type { AddedToken } from './added-tokens.ts'
import { ByteLevelTokenizer } from './byte-level-tokenizer.ts'
import { collectEndTokens } from './end-tokens.ts'
import { type GgufConvention, ggufSplit } from './known-splits.ts'
import { maxAddedTokens } from './limits.ts'
import { MergeTable } from './merge-table.ts'
import type { Tokenizer } from './tokenizer.ts'
import { Vocabulary } from './vocabulary.ts'

/** GGUF key/value metadata, by key. */
export type GgufMetadata = ReadonlyMap<string, unknown>

export interface GgufTokenizerOptions {
  /** Whose reading to follow where they differ (`smollm` digits, Llama 3 `ignore_merges`). Default `transformers`. */
  readonly convention?: GgufConvention
}

const controlType = 3
const userDefinedType = 4

/**
 * The tokenizer a GGUF file describes (`tokenizer.ggml.*`), with no normaliser, as llama.cpp and transformers have it.
 * Control tokens keep the ids the file gives them, also those with characters outside the byte alphabet.
 *
 * @throws TextError `tokenizer-malformed`, `tokenizer-unsupported`, `tokenizer-limit-exceeded`
 */
export function tokenizerFromGguf(metadata: GgufMetadata, options: GgufTokenizerOptions = {}): Tokenizer {
  const model = readString(metadata, 'tokenizer.ggml.model')
  if (model !== 'gpt2') {
    throw new TextError(
      'tokenizer-unsupported',
      `The GGUF file's tokenizer is ${JSON.stringify(model)}; only byte-level BPE ("gpt2") is supported.`,
      { model },
    )
  }
  const name = metadata.has('tokenizer.ggml.pre') ? readString(metadata, 'tokenizer.ggml.pre') : 'default'
  const split = ggufSplit(name, options.convention ?? 'transformers')
  const tokens = readStrings(metadata, 'tokenizer.ggml.tokens')
  const merges = readStrings(metadata, 'tokenizer.ggml.merges')
  const vocabulary = new Vocabulary(tokens)
  const idOf = (key: string): number | undefined => readTokenId(metadata, `tokenizer.ggml.${key}`, tokens.length)
  const bosTokenId = idOf('bos_token_id')
  const eosTokenId = idOf('eos_token_id')
  const named = [bosTokenId, eosTokenId, idOf('unknown_token_id'), idOf('padding_token_id')]
  const addedTokens = readAddedTokens(metadata, tokens, named)
  const addsBos = readFlag(metadata, 'tokenizer.ggml.add_bos_token') ?? split.addsBosByDefault
  const addsEos = readFlag(metadata, 'tokenizer.ggml.add_eos_token') ?? false
  return new ByteLevelTokenizer({
    vocabulary,
    merges: new MergeTable(vocabulary, merges.length, halves(merges)),
    addedTokens,
    normalization: [],
    preTokenizer: split.steps,
    ignoreMerges: split.ignoreMerges,
    unknownTokenId: undefined,
    fuseUnknown: false,
    prefixIds: addsBos && bosTokenId !== undefined ? [bosTokenId] : [],
    suffixIds: addsEos && eosTokenId !== undefined ? [eosTokenId] : [],
    bosTokenId,
    eosTokenId,
    endTokenIds: collectEndTokens([eosTokenId, idOf('eot_token_id'), idOf('eom_token_id')], addedTokens),
  })
}

function readAddedTokens(
  metadata: GgufMetadata,
  tokens: readonly string[],
  named: readonly (number | undefined)[],
): readonly AddedToken[] {
  const types = readTypes(metadata, tokens.length)
  const special = new Set(named.filter((id) => id !== undefined))
  const added: AddedToken[] = []
  for (let id = 0; id < tokens.length; id++) {
    const content = tokens[id] ?? ''
    const control = types?.[id] === controlType || special.has(id) || content === '<|endoftext|>'
    if (content === '' || !(control || types?.[id] === userDefinedType)) continue
    if (added.length === maxAddedTokens) {
      throw new TextError('tokenizer-limit-exceeded', `The GGUF file has over ${maxAddedTokens} control tokens.`)
    }
    added.push({
      id,
      content,
      special: control,
      normalized: false,
      leftStrip: false,
      rightStrip: false,
      singleWord: false,
    })
  }
  return added
}

function* halves(merges: readonly string[]): Iterable<readonly [string, string]> {
  for (const merge of merges) {
    const space = merge.indexOf(' ')
    if (space <= 0) throw malformed('tokenizer.ggml.merges', 'two tokens with a space between them in each entry')
    yield [merge.slice(0, space), merge.slice(space + 1)]
  }
}

function readString(metadata: GgufMetadata, key: string): string {
  const value = metadata.get(key)
  if (typeof value !== 'string') throw malformed(key, 'a string')
  return value
}

function readStrings(metadata: GgufMetadata, key: string): readonly string[] {
  const value = metadata.get(key)
  if (!isStrings(value)) throw malformed(key, 'an array of strings')
  return value
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function readFlag(metadata: GgufMetadata, key: string): boolean | undefined {
  const value = metadata.get(key)
  if (value !== undefined && typeof value !== 'boolean') throw malformed(key, 'true or false')
  return value
}

function readTokenId(metadata: GgufMetadata, key: string, size: number): number | undefined {
  const value = metadata.get(key)
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= size) {
    throw malformed(key, `a token id below ${size}`)
  }
  return value
}

function readTypes(metadata: GgufMetadata, size: number): ArrayLike<unknown> | undefined {
  const value = metadata.get('tokenizer.ggml.token_type')
  if (value === undefined) return undefined
  const types = Array.isArray(value) || value instanceof Int32Array || value instanceof Uint32Array ? value : undefined
  if (types?.length !== size) throw malformed('tokenizer.ggml.token_type', `${size} numbers, one for each token`)
  return types
}

function malformed(key: string, expected: string): TextError {
  return new TextError(
    'tokenizer-malformed',
    `The GGUF file's ${key} should be ${expected}: re-export the model, or load it with its tokenizer.json.`,
    { key },
  )
}
