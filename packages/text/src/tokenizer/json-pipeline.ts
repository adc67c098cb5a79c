import { TextError } from '../errors.ts'
import type { JsonFields } from './json-fields.ts'
import { malformed } from './json-fields.ts'
import { gpt2Pattern, isolate } from './known-splits.ts'
import { maxPipelineSteps } from './limits.ts'
import type { NormalizationForm } from './normalization.ts'
import { compilePattern, literalPattern } from './pattern.ts'
import type { PreTokenizerStep, SplitBehavior } from './pre-tokenizer.ts'

const behaviors: ReadonlyMap<string, SplitBehavior> = new Map([
  ['Isolated', 'isolated'],
  ['Removed', 'removed'],
  ['MergedWithPrevious', 'merged-with-previous'],
  ['MergedWithNext', 'merged-with-next'],
  ['Contiguous', 'contiguous'],
])
/** Rust's `char::is_numeric`, which the `Digits` pre-tokenizer asks. */
const oneDigit = String.raw`\p{N}`
const digitRun = String.raw`\p{N}+`

/** The `normalizer` of a tokenizer.json: Unicode forms only. @throws TextError `tokenizer-unsupported` */
export function readNormalizer(normalizer: JsonFields | undefined): readonly NormalizationForm[] {
  return flatten(normalizer, 'normalizers', 'normalizer').map((step) => {
    const type = step.text('type')
    if (type === 'NFC' || type === 'NFD' || type === 'NFKC' || type === 'NFKD') return type
    throw unsupported('normalizer', type, 'NFC, NFD, NFKC, NFKD and sequences of them')
  })
}

/**
 * The `pre_tokenizer` of a tokenizer.json: splits, and a `ByteLevel` step that closes them.
 * @throws TextError `tokenizer-unsupported`
 */
export function readPreTokenizer(preTokenizer: JsonFields | undefined): readonly PreTokenizerStep[] {
  const steps = flatten(preTokenizer, 'pretokenizers', 'pre_tokenizer')
  if (!steps.some((step) => step.text('type') === 'ByteLevel')) {
    const type = steps.at(-1)?.text('type') ?? 'none'
    throw unsupported('pre_tokenizer', type, 'sequences that end in ByteLevel (GPT-2, Qwen, Llama 3, DeepSeek, SmolLM)')
  }
  return steps.flatMap((step, index) => readStep(step, index === steps.length - 1))
}

function readStep(step: JsonFields, last: boolean): readonly PreTokenizerStep[] {
  const type = step.text('type')
  switch (type) {
    case 'ByteLevel': {
      if (!last) throw unsupported('pre_tokenizer', 'ByteLevel before another step', 'ByteLevel as the last step')
      const prefix: readonly PreTokenizerStep[] = step.flag('add_prefix_space', true) ? [{ kind: 'prefix-space' }] : []
      return step.flag('use_regex', true) ? [...prefix, isolate(compilePattern(gpt2Pattern))] : prefix
    }
    case 'Digits':
      return [isolate(compilePattern(step.flag('individual_digits', false) ? oneDigit : digitRun))]
    case 'Split': {
      const behavior = behaviors.get(step.text('behavior'))
      if (behavior === undefined) throw malformed(step.path('behavior'), `one of ${[...behaviors.keys()].join(', ')}`)
      const pattern = step.object('pattern')
      const regex = pattern.optionalText('Regex')
      const compiled = regex === undefined ? literalPattern(pattern.text('String')) : compilePattern(regex)
      return [{ kind: 'split', pattern: compiled, behavior, invert: step.flag('invert', false) }]
    }
    default:
      throw unsupported('pre_tokenizer', type, 'Split, Digits, ByteLevel and sequences of them')
  }
}

function flatten(step: JsonFields | undefined, listName: string, part: string): readonly JsonFields[] {
  if (step === undefined) return []
  if (step.text('type') !== 'Sequence') return [step]
  const steps = step.objects(listName)
  if (steps.length > maxPipelineSteps) {
    throw new TextError(
      'tokenizer-limit-exceeded',
      `tokenizer.json's ${part} has ${steps.length} steps; ${maxPipelineSteps} is the most.`,
    )
  }
  if (steps.some((inner) => inner.text('type') === 'Sequence'))
    throw unsupported(part, 'a sequence in a sequence', 'flat ones')
  return steps
}

export function unsupported(part: string, found: string, supported: string): TextError {
  return new TextError(
    'tokenizer-unsupported',
    `tokenizer.json's ${part} is ${JSON.stringify(found)}; supported: ${supported}. Use a model of such a family.`,
    { part, found },
  )
}
