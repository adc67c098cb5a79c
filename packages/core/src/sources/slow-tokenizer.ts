import { field } from '../hub/hub-values.ts'

/** The files of a tokenizer that was saved without `tokenizer.json`, as texts. */
export interface SlowTokenizerFiles {
  /** `vocab.json`: ids by token. */
  readonly vocabulary: string
  /** `merges.txt`: a rule on each line, after one with a version. */
  readonly merges: string
  /** `added_tokens.json`, of transformers before 4.34: ids by token. */
  readonly addedTokens?: string | undefined
  /** `tokenizer_config.json` */
  readonly config?: string | undefined
}

/** How each class of transformers splits text before the merges, as its conversion to a fast tokenizer has it. */
const PRE_TOKENIZERS: Readonly<Record<string, object>> = {
  Qwen2Tokenizer: {
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: {
            Regex:
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          },
          behavior: 'Isolated',
          invert: false,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
  },
  GPT2Tokenizer: {
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  },
}

/**
 * The `tokenizer.json` that such files stand for; undefined for a class whose rules are not known here. Whatever is wrong with its parts is
 * found where it is read.
 */
export function fastTokenizer({ vocabulary, merges, addedTokens, config }: SlowTokenizerFiles): string | undefined {
  const settings = parsed(config)
  const name = field(settings, 'tokenizer_class')
  const rules = PRE_TOKENIZERS[(typeof name === 'string' ? name : 'Qwen2Tokenizer').replace(/Fast$/, '')]
  const vocab = parsed(vocabulary)
  if (!rules || typeof vocab !== 'object' || vocab === null) return undefined
  return JSON.stringify({
    version: '1.0',
    added_tokens: addedOf(settings, parsed(addedTokens)),
    ...rules,
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE',
      vocab,
      merges: merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version')),
    },
  })
}

function addedOf(settings: unknown, old: unknown): readonly object[] {
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  const decoder = field(settings, 'added_tokens_decoder')
  if (typeof decoder === 'object' && decoder !== null)
    return Object.entries(decoder).map(([id, token]) => ({ ...plain, ...Object(token), id: Number(id) }))
  if (typeof old !== 'object' || old === null) return []
  return Object.entries(old).map(([content, id]) => ({ ...plain, content, id }))
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}
