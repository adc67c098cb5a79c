import { EngineError } from '../errors.ts'
import type { ModelConfig, RopeScaling } from './checkpoint.ts'
import {
  maximumContextLength,
  maximumFeedForwardSize,
  maximumHeadCount,
  maximumHeadSize,
  maximumHiddenSize,
  maximumLayerCount,
  maximumNormEpsilon,
  maximumRopeBase,
  maximumRopeFactor,
  maximumVocabularySize,
} from './config-limits.ts'

/**
 * Refuses a config that no model of these shapes can have, before anything is sized by it.
 * @throws EngineError `file-malformed` for a value that makes no sense, `file-limit-exceeded` for one past a named limit.
 */
export function checkConfig(fileName: string, config: ModelConfig): ModelConfig {
  const malformed = (problem: string, details: Record<string, unknown>) =>
    new EngineError(
      'file-malformed',
      `${fileName}: ${problem}. The config is damaged; use another copy of the model.`,
      details,
    )

  const counts: readonly (readonly [string, number, number])[] = [
    ['hiddenSize', config.hiddenSize, maximumHiddenSize],
    ['layerCount', config.layerCount, maximumLayerCount],
    ['headCount', config.headCount, maximumHeadCount],
    ['keyValueHeadCount', config.keyValueHeadCount, maximumHeadCount],
    ['headSize', config.headSize, maximumHeadSize],
    ['feedForwardSize', config.feedForwardSize, maximumFeedForwardSize],
    ['vocabularySize', config.vocabularySize, maximumVocabularySize],
    ['contextLength', config.contextLength, maximumContextLength],
  ]
  for (const [field, value, limit] of counts) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw malformed(`${field} is ${value}, which is not a positive whole number`, { field, value })
    if (value > limit)
      throw new EngineError(
        'file-limit-exceeded',
        `${fileName}: ${field} is ${value}, more than the ${limit} that this engine allows.`,
        { field, value, limit },
      )
  }
  if (config.headSize % 2 !== 0)
    throw malformed(`headSize ${config.headSize} is odd, so rotary embedding cannot pair it`, {
      value: config.headSize,
    })
  if (config.headCount % config.keyValueHeadCount !== 0)
    throw malformed(`${config.headCount} heads cannot share ${config.keyValueHeadCount} key/value heads evenly`, {
      headCount: config.headCount,
      keyValueHeadCount: config.keyValueHeadCount,
    })
  checkNumber('normEpsilon', config.normEpsilon, 0, maximumNormEpsilon)
  checkNumber('ropeBase', config.ropeBase, 1, maximumRopeBase)
  for (const [field, value] of ropeNumbers(config.ropeScaling))
    checkNumber(`ropeScaling.${field}`, value, 0, maximumContextLength)
  if ('factor' in config.ropeScaling) checkNumber('ropeScaling.factor', config.ropeScaling.factor, 0, maximumRopeFactor)
  if (
    config.ropeScaling.kind === 'llama3' &&
    config.ropeScaling.highFrequencyFactor <= config.ropeScaling.lowFrequencyFactor
  )
    throw malformed('the rope scaling has high_freq_factor ≤ low_freq_factor', {})
  if (config.ropeScaling.kind === 'divisors' && config.ropeScaling.divisors.length !== config.headSize / 2)
    throw malformed(`the rope divisors number ${config.ropeScaling.divisors.length}, not ${config.headSize / 2}`, {})
  return config

  function checkNumber(field: string, value: number, above: number, limit: number): void {
    if (!(value > above && value <= limit))
      throw malformed(`${field} is ${value}, not within ${above} … ${limit}`, { field })
  }
}

function ropeNumbers(scaling: RopeScaling): readonly (readonly [string, number])[] {
  switch (scaling.kind) {
    case 'none':
      return []
    case 'linear':
    case 'llama3':
    case 'yarn':
      return Object.entries(scaling).flatMap(([field, value]) => (typeof value === 'number' ? [[field, value]] : []))
    case 'divisors':
      return scaling.divisors.map((value, index) => [`divisors[${index}]`, value])
    default:
      throw scaling satisfies never
  }
}
