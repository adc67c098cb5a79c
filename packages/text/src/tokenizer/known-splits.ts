import { TextError } from '../errors.ts'
import { compilePattern } from './pattern.ts'
import type { PreTokenizerStep } from './pre-tokenizer.ts'

/** GPT-2's split, which the `ByteLevel` pre-tokenizer uses unless told not to. */
export const gpt2Pattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
const words = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`
const rest = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
const qwen2Pattern = String.raw`${contractions}|${words}|\p{N}|${rest}`
const llama3Pattern = String.raw`${contractions}|${words}|\p{N}{1,3}|${rest}`

/** Whose reading of a GGUF file's tokenizer to follow where the two differ. */
export type GgufConvention = 'transformers' | 'llama.cpp'

interface NamedSplit {
  readonly patterns: readonly string[]
  /** Only where llama.cpp splits otherwise than transformers' GGUF conversion. */
  readonly llamaCppPatterns?: readonly string[]
  /** llama.cpp takes a piece that is a whole token as that token. */
  readonly llamaCppIgnoresMerges?: boolean
  /** What llama.cpp assumes when the file does not say whether BOS is added. */
  readonly addsBosByDefault?: boolean
}

const gpt2Split: NamedSplit = { patterns: [gpt2Pattern] }
const qwen2Split: NamedSplit = { patterns: [qwen2Pattern] }
const llama3Split: NamedSplit = { patterns: [llama3Pattern], llamaCppIgnoresMerges: true, addsBosByDefault: true }
/** Trained with each digit apart; transformers reads the file as plain GPT-2, llama.cpp as trained. */
const smollmSplit: NamedSplit = { patterns: [gpt2Pattern], llamaCppPatterns: [String.raw`\p{N}`, gpt2Pattern] }

const namedSplits: ReadonlyMap<string, NamedSplit> = new Map([
  ['default', gpt2Split],
  ['gpt-2', gpt2Split],
  ['qwen2', qwen2Split],
  ['deepseek-r1-qwen', qwen2Split],
  ['llama-bpe', llama3Split],
  ['llama3', llama3Split],
  ['llama-v3', llama3Split],
  ['smollm', smollmSplit],
])

/** How a GGUF file's `tokenizer.ggml.pre` splits text. */
export interface GgufSplit {
  readonly steps: readonly PreTokenizerStep[]
  readonly ignoreMerges: boolean
  readonly addsBosByDefault: boolean
}

/** @throws TextError `tokenizer-unsupported` for a name that is not known, listing those that are */
export function ggufSplit(name: string, convention: GgufConvention): GgufSplit {
  const split = namedSplits.get(name)
  if (split === undefined) {
    const known = [...namedSplits.keys()].join(', ')
    throw new TextError(
      'tokenizer-unsupported',
      `The GGUF file names the pre-tokenizer ${JSON.stringify(name)}; known are ${known}. Load the model with its tokenizer.json instead.`,
      { name },
    )
  }
  const asLlamaCpp = convention === 'llama.cpp'
  const patterns = (asLlamaCpp ? split.llamaCppPatterns : undefined) ?? split.patterns
  return {
    steps: patterns.map((pattern) => isolate(compilePattern(pattern))),
    ignoreMerges: asLlamaCpp && split.llamaCppIgnoresMerges === true,
    addsBosByDefault: split.addsBosByDefault === true,
  }
}

export function isolate(pattern: RegExp): PreTokenizerStep {
  return { kind: 'split', pattern, behavior: 'isolated', invert: false }
}
