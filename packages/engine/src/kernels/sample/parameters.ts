import { EngineError } from '../../errors.ts'

/** Which dispatches a generation needs. */
export type SamplerMode = 'greedy' | 'plain' | 'top-k' | 'top-p' | 'top-k-top-p'

export interface SamplerParameters {
  readonly vocabulary: number
  readonly chunks: number
  readonly maxTokens: number
  /** Of the answer, before these. */
  readonly answered?: number
  readonly stopTokens?: readonly number[]
  readonly temperature?: number
  readonly topK?: number
  readonly topP?: number
  readonly minP?: number
  readonly seed: number
  readonly logprobs?: { readonly top: number }
}

export const maxStopTokens = 32
/** Of the likeliest tokens that are told beside the chosen one. */
export const maxTopLogprobs = 20
/** Words of the uniform. */
export const parameterWords = 12 + maxStopTokens
/** Below it, chances of all but the best are beyond float32: greedy. */
const leastTemperature = 1e-6
const largestTemperature = 1e6

export function samplerMode({ vocabulary, temperature = 0, topK = 0, topP = 1 }: SamplerParameters): SamplerMode {
  if (temperature < leastTemperature || topK === 1) return 'greedy'
  const byCount = topK > 0 && topK < vocabulary
  if (topP < 1) return byCount ? 'top-k-top-p' : 'top-p'
  return byCount ? 'top-k' : 'plain'
}

/**
 * The `Parameters` uniform of sample.wgsl.
 * @throws EngineError `option-invalid` naming the option
 */
export function writeParameters(parameters: SamplerParameters): Uint32Array<ArrayBuffer> {
  const { temperature = 0, topK = 0, topP = 1, minP = 0, stopTokens = [], maxTokens, answered = 0, seed } = parameters
  check(
    'temperature',
    temperature,
    temperature >= 0 && temperature <= largestTemperature,
    `from 0 to ${largestTemperature}`,
  )
  check('topK', topK, isWord(topK), 'a whole number, 0 for off')
  check('topP', topP, topP >= 0 && topP <= 1, 'from 0 to 1, 1 for off')
  check('minP', minP, minP >= 0 && minP <= 1, 'from 0 to 1, 0 for off')
  check('seed', seed, isWord(seed), 'an unsigned 32-bit number')
  check('maxTokens', maxTokens, isWord(maxTokens) && maxTokens > 0, 'a whole number above 0')
  check(
    'stopTokens',
    stopTokens.length,
    stopTokens.length <= maxStopTokens && stopTokens.every(isWord),
    `at most ${maxStopTokens} token ids`,
  )
  const top = parameters.logprobs?.top ?? 0
  check('logprobs.top', top, isWord(top) && top <= maxTopLogprobs, `a whole number from 0 to ${maxTopLogprobs}`)
  const words = new Uint32Array(parameterWords)
  const floats = new Float32Array(words.buffer)
  const scale = Math.max(temperature, leastTemperature)
  words.set([parameters.vocabulary, parameters.chunks, topK])
  floats[3] = topP
  floats[4] = 2 / scale
  floats[5] = 64 * scale
  floats[6] = Math.min(32, -Math.log(minP))
  words.set([seed, Math.min(answered + maxTokens, 0xffffffff), stopTokens.length, top], 7)
  words.set(stopTokens, 12)
  return words
}

const isWord = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xffffffff

/** @throws EngineError `option-invalid` unless `valid` */
export function check(option: string, value: number, valid: boolean, wanted: string): void {
  if (!valid) throw new EngineError('option-invalid', `${option} is ${value}; it must be ${wanted}.`, { option, value })
}
