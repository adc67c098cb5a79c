import { EngineError } from '../../errors.ts'

export const maskWords = (vocabulary: number): number => Math.ceil(vocabulary / 32)

/**
 * A constraint's mask as a copy of the right length: missing words are zero, and bits past the vocabulary are left out.
 * @throws EngineError `option-invalid` when no token is left
 */
export function copyMask(mask: Uint32Array, vocabulary: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(maskWords(vocabulary))
  words.set(mask.subarray(0, words.length))
  const last = words.length - 1
  if (vocabulary % 32 !== 0) words[last] = (words[last] ?? 0) & ((1 << (vocabulary % 32)) - 1)
  if (words.some((word) => word !== 0)) return words
  throw new EngineError(
    'option-invalid',
    'The constraint allows no token of the vocabulary to come next: it must allow at least one, such as a stop token.',
    { option: 'constraint', vocabularySize: vocabulary },
  )
}
