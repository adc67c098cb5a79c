import type { AddedToken } from './added-tokens.ts'
import { ByteLevelTokenizer } from './byte-level-tokenizer.ts'
import { collectEndTokens } from './end-tokens.ts'
import { readAddedTokens } from './json-added-tokens.ts'
import { checkIndex, JsonFields, malformed, parseJsonFields } from './json-fields.ts'
import { readNormalizer, readPreTokenizer, unsupported } from './json-pipeline.ts'
import { readPostProcessor, type SequenceTemplate } from './json-template.ts'
import { maxTokenizerJsonLength, maxVocabularySize } from './limits.ts'
import { MergeTable } from './merge-table.ts'
import type { Tokenizer } from './tokenizer.ts'
import { Vocabulary } from './vocabulary.ts'

/** The other files beside tokenizer.json, as text. */
export interface TokenizerJsonCompanions {
  /** `tokenizer_config.json`: names BOS and EOS, and says whether they are added. */
  readonly tokenizerConfig?: string | undefined
  /** `generation_config.json`: its `eos_token_id` (one or a list) ends an answer. */
  readonly generationConfig?: string | undefined
}

/**
 * The tokenizer of a `tokenizer.json` text. Byte-level BPE only: GPT-2, Qwen, Llama 3, DeepSeek, SmolLM and their kin.
 * @throws TextError `tokenizer-malformed`, `tokenizer-unsupported`, `tokenizer-limit-exceeded`
 */
export function tokenizerFromJson(json: string, companions: TokenizerJsonCompanions = {}): Tokenizer {
  const file = parseJsonFields(json, 'tokenizer.json', maxTokenizerJsonLength)
  const config = optionalFile(companions.tokenizerConfig, 'tokenizer_config.json')
  const generation = optionalFile(companions.generationConfig, 'generation_config.json')
  const model = file.object('model')
  checkModel(model)
  const addedTokens = readAddedTokens(file, config)
  const idsByToken = readVocabulary(model)
  const vocabulary = new Vocabulary(tokensById(idsByToken, addedTokens))
  const rules = model.list('merges')
  const named = (name: string): number | undefined => namedTokenId(config, name, addedTokens, idsByToken)
  const template = readPostProcessor(file.optionalObject('post_processor'))
  const bosTokenId = named('bos_token') ?? soleBos(template, addedTokens)
  const eosTokenId = named('eos_token')
  return new ByteLevelTokenizer({
    vocabulary,
    merges: new MergeTable(vocabulary, rules.length, readMerges(rules)),
    addedTokens,
    normalization: readNormalizer(file.optionalObject('normalizer')),
    preTokenizer: readPreTokenizer(file.optionalObject('pre_tokenizer')),
    ignoreMerges: model.flag('ignore_merges', false),
    unknownTokenId: readUnknown(model, idsByToken),
    fuseUnknown: model.flag('fuse_unk', false),
    prefixIds: withFlag(template.prefixIds, bosTokenId, config, 'add_bos_token'),
    suffixIds: withFlag(template.suffixIds, eosTokenId, config, 'add_eos_token'),
    bosTokenId,
    eosTokenId,
    endTokenIds: collectEndTokens([eosTokenId, ...readGenerationEnds(generation)], addedTokens),
  })
}

function optionalFile(text: string | undefined, name: string): JsonFields | undefined {
  return text === undefined ? undefined : parseJsonFields(text, name, maxTokenizerJsonLength)
}

function checkModel(model: JsonFields): void {
  const type = model.optionalText('type') ?? 'BPE'
  const supported = 'byte-level BPE (GPT-2, Qwen, Llama 3, DeepSeek, SmolLM)'
  if (type !== 'BPE') throw unsupported('model', type, supported)
  if (model.flag('byte_fallback', false))
    throw unsupported('model', 'BPE with byte_fallback (SentencePiece)', supported)
  for (const name of ['continuing_subword_prefix', 'end_of_word_suffix']) {
    if ((model.optionalText(name) ?? '') !== '') throw unsupported('model', `BPE with ${name}`, supported)
  }
}

function readVocabulary(model: JsonFields): ReadonlyMap<string, number> {
  const ids = new Map<string, number>()
  const vocabulary = model.object('vocab')
  for (const [token, id] of vocabulary.entries())
    ids.set(token, checkIndex(id, maxVocabularySize, vocabulary.path(token)))
  return ids
}

function tokensById(
  idsByToken: ReadonlyMap<string, number>,
  added: readonly AddedToken[],
): readonly (string | undefined)[] {
  const size = [...idsByToken.values()].reduce((most, id) => Math.max(most, id + 1), 0)
  const whole = added.reduce((most, token) => Math.max(most, token.id + 1), size)
  const tokens: (string | undefined)[] = Array.from({ length: whole }, () => undefined)
  for (const [token, id] of idsByToken) {
    if (tokens[id] !== undefined)
      throw malformed(`tokenizer.json.model.vocab.${token}`, `an id no other token has (${id} is taken)`)
    tokens[id] = token
  }
  for (const token of added) {
    const known = tokens[token.id] ?? token.content
    if (known !== token.content)
      throw malformed(`tokenizer.json.added_tokens (${token.content})`, `an id no other token has`)
    tokens[token.id] = token.content
  }
  return tokens
}

function* readMerges(rules: readonly unknown[]): Iterable<readonly [string, string]> {
  for (const rule of rules) {
    const [left, right] = typeof rule === 'string' ? cutAtSpace(rule) : Array.isArray(rule) ? rule : []
    if (typeof left !== 'string' || typeof right !== 'string' || left === '') {
      throw malformed('tokenizer.json.model.merges', 'a list of "left right" or ["left", "right"]')
    }
    yield [left, right]
  }
}

function cutAtSpace(rule: string): readonly string[] {
  const space = rule.indexOf(' ')
  return space < 0 ? [] : [rule.slice(0, space), rule.slice(space + 1)]
}

function readUnknown(model: JsonFields, idsByToken: ReadonlyMap<string, number>): number | undefined {
  const token = model.optionalText('unk_token')
  return token === undefined ? undefined : idsByToken.get(token)
}

/** A token that tokenizer_config.json names, as text or as an object with `content`. */
function namedTokenId(
  config: JsonFields | undefined,
  name: string,
  added: readonly AddedToken[],
  idsByToken: ReadonlyMap<string, number>,
): number | undefined {
  const value = config?.get(name)
  if (config === undefined || value === undefined) return undefined
  const content = typeof value === 'string' ? value : new JsonFields(value, config.path(name)).text('content')
  return added.find((token) => token.content === content)?.id ?? idsByToken.get(content)
}

/** Without a tokenizer_config.json, the one special token that the template puts first is BOS. */
function soleBos(template: SequenceTemplate, added: readonly AddedToken[]): number | undefined {
  const [first, ...others] = template.prefixIds
  return others.length === 0 && added.some((token) => token.id === first && token.special) ? first : undefined
}

/** `add_bos_token` and `add_eos_token` overrule the post-processor, as in transformers 5. */
function withFlag(
  ids: readonly number[],
  id: number | undefined,
  config: JsonFields | undefined,
  flag: string,
): readonly number[] {
  if (config?.has(flag) !== true || id === undefined) return ids
  return config.flag(flag, false) ? [id] : ids.filter((other) => other !== id)
}

function readGenerationEnds(generation: JsonFields | undefined): readonly number[] {
  const value = generation?.get('eos_token_id')
  if (generation === undefined || value === undefined) return []
  const path = generation.path('eos_token_id')
  return (Array.isArray(value) ? value : [value]).map((id) => checkIndex(id, maxVocabularySize, path))
}
