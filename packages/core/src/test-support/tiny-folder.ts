import { readdirSync, readFileSync } from 'node:fs'

const golden = new URL('../../../../test/golden/data/qwen3-untied/', import.meta.url)

/** A Hugging Face folder, by file name: golden weights in two shards, with a tokenizer of single letters put beside them. */
export function tinyFolder(): Map<string, Buffer> {
  const files = new Map(readdirSync(golden).map((name) => [name, readFileSync(new URL(name, golden))]))
  const letters = [...'abcdefghijklmnopqrstuvwxyz', 'Ġ']
  const end = { id: letters.length, content: '<|im_end|>', special: true }
  const texts = {
    'tokenizer.json': JSON.stringify({
      version: '1.0',
      added_tokens: [{ ...end, single_word: false, lstrip: false, rstrip: false, normalized: false }],
      normalizer: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: { type: 'BPE', vocab: Object.fromEntries(letters.map((letter, id) => [letter, id])), merges: [] },
    }),
    'tokenizer_config.json': JSON.stringify({ eos_token: end.content }),
    'chat_template.jinja': '{% for message in messages %}{{ message.content }}{% endfor %}',
    'generation_config.json': JSON.stringify({ do_sample: true, temperature: 0.6, eos_token_id: end.id }),
  }
  for (const [name, text] of Object.entries(texts)) files.set(name, Buffer.from(text))
  return files
}
