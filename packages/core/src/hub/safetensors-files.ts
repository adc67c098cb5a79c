import { shardFileNames } from '@sampan/engine'
import { SampanError } from '../errors.ts'

export const indexName = 'model.safetensors.index.json'
export const wholeName = 'model.safetensors'

/** Files beside the weights that say how to run them and how to talk to them. */
export const textNames = [
  'config.json',
  indexName,
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
  'chat_template.json',
  'generation_config.json',
] as const

/** What stands for `tokenizer.json` where there is none: tokenizers that were saved as `slow` ones. */
export const slowTokenizerNames = ['vocab.json', 'merges.txt', 'added_tokens.json'] as const

/** Those of a folder's files that are read beside its weights. */
export function textPaths(paths: readonly string[]): readonly string[] {
  const names = paths.includes('tokenizer.json') ? textNames : [...textNames, ...slowTokenizerNames]
  return [...names.filter((name) => paths.includes(name)), ...templatePaths(paths)]
}

/** Most templates that a model has beside its main one. */
const MAX_TEMPLATES = 16

/** Chat templates with a purpose of their own, by name: `additional_chat_templates/tool_use.jinja`. */
export function templatePaths(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => templateName(path) !== undefined).slice(0, MAX_TEMPLATES)
}

/** Undefined for what is no such template. */
export function templateName(path: string): string | undefined {
  return /^additional_chat_templates\/([\w-]{1,100})\.jinja$/.exec(path)?.[1]
}

/** What sentence-transformers writes beside a model for embeddings. */
const SENTENCE_NAMES = ['config_sentence_transformers.json', 'modules.json'] as const

/**
 * The weights of a folder with `config.json`, in order, as transformers looks for them: one file of the usual name, those that the index
 * names, and what else there can only be.
 * @param names of all files in the folder
 * @param readIndex undefined when there is none
 * @throws SampanError `source-not-found`, `source-ambiguous`, `format-unsupported`; EngineError of an index that is none
 */
export async function safetensorsWeights(
  model: string,
  names: readonly string[],
  readIndex: () => Promise<string | undefined>,
): Promise<readonly string[]> {
  if (SENTENCE_NAMES.some((name) => names.includes(name)))
    throw new SampanError(
      'format-unsupported',
      `${model} makes vectors of sentences (${SENTENCE_NAMES.join(' and ')} are beside it), it writes no text: take a chat model.`,
      { model, feature: 'embeddings' },
    )
  if (names.includes(wholeName)) return [wholeName]
  if (names.includes(indexName)) {
    const index = await readIndex()
    const wanted = index === undefined ? undefined : shardFileNames(index)
    // Merges keep the index of one of the models that they were made of.
    if (wanted && !wanted.every((name) => names.includes(name)))
      return shardsOf(names) ?? allThere(model, wanted, names)
    if (wanted) return wanted
  }
  const found = names.filter(
    (name) => /\.safetensors$/i.test(name) && !/^adapter_model|^optimizer|^training_/i.test(name),
  )
  const [first] = found
  if (first === undefined && names.includes('adapter_config.json'))
    throw new SampanError(
      'source-not-found',
      `${model} is a LoRA adapter, no model by itself: load its base model with this as one of its adapters.`,
      { model, adapter: true },
    )
  if (first === undefined)
    throw new SampanError(
      'source-not-found',
      `${model} has a config.json but no .safetensors file: take another copy of the model, or its GGUF file.`,
      { model },
    )
  if (found.length === 1) return found
  const shards = shardsOf(found)
  if (shards) return allThere(model, shards, names)
  throw new SampanError(
    'source-ambiguous',
    `${model} holds several .safetensors files and no ${indexName} that tells which of them are the model: take another copy of it.`,
    { model, files: found },
  )
}

/** `model-00001-of-00002.safetensors` and its like, where the index was forgotten. */
function shardsOf(names: readonly string[]): readonly string[] | undefined {
  const sets = new Map<string, { readonly count: number; readonly names: readonly string[] }>()
  for (const name of names) {
    const [, stem, count] = /^(.*)-\d{5}-of-(\d{5})\.safetensors$/.exec(name) ?? []
    const set = sets.get(`${stem} ${count}`) ?? { count: Number(count), names: [] }
    if (stem !== undefined) sets.set(`${stem} ${count}`, { ...set, names: [...set.names, name] })
  }
  const complete = [...sets.values()].filter((set) => set.names.length === set.count)
  return complete.length === 1 ? complete[0]?.names.toSorted() : undefined
}

function allThere(model: string, wanted: readonly string[], names: readonly string[]): readonly string[] {
  const missing = wanted.find((name) => !names.includes(name))
  if (missing === undefined) return wanted
  throw new SampanError(
    'source-not-found',
    `${model} lacks ${missing}, one of its ${wanted.length} weight files: take another copy of the model.`,
    { model, file: missing },
  )
}
