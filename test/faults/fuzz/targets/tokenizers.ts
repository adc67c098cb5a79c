import { readFileSync } from 'node:fs'
import { tokenizerFromJson } from '@sampan/text'
import { mutateJson } from '../mutate-json.ts'
import { type FuzzTarget, oneOf } from '../target.ts'

const text = 'Hello from 12 boats,\n\n   你好 naïve <|im_end|>\0\u{1f6a3}'

/** A `tokenizer.json` and the two files that say which of its tokens begin and end an answer. */
export function tokenizerTargets(root: string): readonly FuzzTarget[] {
  const folder = `${root}test/fixtures/tiny/`
  const tiny = readFileSync(`${folder}tokenizer.json`, 'utf8')
  const config = readFileSync(`${folder}tokenizer_config.json`, 'utf8')
  const seeds = [tiny, withSteps(tiny)]
  const generation = JSON.stringify({ eos_token_id: [1, 2] })
  return [
    {
      name: 'tokenizer.json',
      weight: 6,
      run: (pick) => {
        const tokenizer = tokenizerFromJson(mutateJson(oneOf(pick, seeds), pick))
        tokenizer.decode(tokenizer.encode(text))
      },
    },
    {
      name: "tokenizer.json's companions",
      weight: 2,
      run: (pick) => {
        const damagesConfig = pick(2) === 0
        const tokenizer = tokenizerFromJson(tiny, {
          tokenizerConfig: damagesConfig ? mutateJson(config, pick) : config,
          generationConfig: damagesConfig ? generation : mutateJson(generation, pick),
        })
        tokenizer.encode(text)
      },
    },
  ]
}

/** With every step that a byte-level tokenizer may have, as Llama 3's and Qwen's do. */
function withSteps(tokenizer: string): string {
  const parsed: Record<string, unknown> = JSON.parse(tokenizer)
  const split =
    "(?i:'s|'t|'re)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
  return JSON.stringify({
    ...parsed,
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }] },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: split }, behavior: 'Isolated', invert: false },
        { type: 'Digits', individual_digits: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<|im_end|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [],
      special_tokens: { '<|im_end|>': { id: '<|im_end|>', ids: [1], tokens: ['<|im_end|>'] } },
    },
  })
}
