import type { GenerateOptions } from '../../engine-types.ts'
import { EngineError } from '../../errors.ts'
import { check } from './parameters.ts'

/** What changes single tokens' logits before sampling. */
export type LogitEdits = Pick<
  GenerateOptions,
  'frequencyPenalty' | 'presencePenalty' | 'repetitionPenalty' | 'logitBias'
>

const largestPenalty = 2
const largestRepetition = 10
/** Smaller ones would make infinities of logits; this makes a repetition certain already. */
const leastRepetition = 1e-6
const largestBias = 100

/** Of a token's count: the prompt has it. As in adjust.wgsl. */
const inPrompt = 0x80000000
/** Of the storage buffer before its tokens. */
const headWords = 4

export const editWords = (vocabulary: number): number => headWords + 2 * vocabulary

/** Whether these change any logit. */
export function changesLogits(edits: LogitEdits): boolean {
  const { frequencyPenalty = 0, presencePenalty = 0, repetitionPenalty = 1, logitBias = [] } = edits
  return (
    frequencyPenalty !== 0 ||
    presencePenalty !== 0 ||
    repetitionPenalty !== 1 ||
    logitBias.some(([, bias]) => bias !== 0)
  )
}

/** @throws EngineError `option-invalid` naming the option */
export function checkEdits(edits: LogitEdits, vocabulary: number): void {
  const { frequencyPenalty = 0, presencePenalty = 0, repetitionPenalty = 1, logitBias = [] } = edits
  const bounded = (option: string, value: number, bound: number): void =>
    check(option, value, value >= -bound && value <= bound, `from ${-bound} to ${bound}`)
  bounded('frequencyPenalty', frequencyPenalty, largestPenalty)
  bounded('presencePenalty', presencePenalty, largestPenalty)
  check(
    'repetitionPenalty',
    repetitionPenalty,
    repetitionPenalty > 0 && repetitionPenalty <= largestRepetition,
    `above 0 and at most ${largestRepetition}, 1 for off`,
  )
  for (const [token, bias] of logitBias) {
    if (!Number.isInteger(token) || token < 0 || token >= vocabulary) {
      throw new EngineError(
        'option-invalid',
        `logitBias names token ${token}, which is outside the model's vocabulary of ${vocabulary}.`,
        { option: 'logitBias', token, vocabularySize: vocabulary },
      )
    }
    bounded('logitBias', bias, largestBias)
  }
}

/**
 * The `Edits` of adjust.wgsl before the first dispatch.
 * @param answered how many of the prompt's last tokens are the answer's; the dispatch itself counts the very last of them
 * @throws EngineError `option-invalid` naming the option
 */
export function writeEdits(
  edits: LogitEdits,
  prompt: readonly number[],
  vocabulary: number,
  answered = 0,
): Uint32Array<ArrayBuffer> {
  checkEdits(edits, vocabulary)
  const { frequencyPenalty = 0, presencePenalty = 0, repetitionPenalty = 1, logitBias = [] } = edits
  const words = new Uint32Array(editWords(vocabulary))
  const floats = new Float32Array(words.buffer)
  const repetition = Math.max(repetitionPenalty, leastRepetition)
  floats.set([repetition, 1 / repetition, frequencyPenalty, presencePenalty])
  const begin = prompt.length - answered
  // Frequency and presence leave the prompt alone, so that without repetition it need not be marked.
  if (repetitionPenalty !== 1) for (const token of prompt.slice(0, begin)) words[headWords + 2 * token] = inPrompt
  for (const token of prompt.slice(begin, -1)) {
    const at = headWords + 2 * token
    words[at] = (words[at] ?? 0) + 1
  }
  for (const [token, bias] of logitBias) {
    const at = headWords + 2 * token + 1
    floats[at] = (floats[at] ?? 0) + bias
  }
  return words
}
