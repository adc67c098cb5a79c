import { readFileSync } from 'node:fs'
import { readFixtureText } from '../../../fixtures/read.ts'
import { tokenizerFromJson } from '../../tokenizer/from-json.ts'
import type { Tokenizer } from '../../tokenizer/tokenizer.ts'

/** Pocket's own tokenizer: byte-level BPE, 2,048 tokens and more. */
export function pocketTokenizer(): Tokenizer {
  return tokenizerFromJson(readFileSync(new URL('../../../../pocket/training/tokenizer.json', import.meta.url), 'utf8'))
}

/** One of the small tokenizers of the golden data. */
export function smallTokenizer(kind: 'qwen2' | 'llama3' | 'gpt2' | 'deepseek' | 'smollm'): Tokenizer {
  return tokenizerFromJson(readFixtureText(`${kind}.tokenizer.json`))
}
