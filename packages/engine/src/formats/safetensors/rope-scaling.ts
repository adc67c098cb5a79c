import type { RopeScaling } from '../checkpoint.ts'
import { isJsonObject } from '../json.ts'
import { ConfigValues } from './config-values.ts'
import { configKeys, ropeKeys } from './names.ts'

export interface Rope {
  readonly base: number
  readonly scaling: RopeScaling
  /** Past this many tokens the scaling would have to change while running. */
  readonly maximumContextLength: number
}

/**
 * Rope as transformers reads it: `rope_scaling` before `rope_parameters`, and within the object before beside it.
 * @throws EngineError `format-unsupported` for a kind of scaling that is not computed here.
 */
export function ropeOf(config: ConfigValues, contextLength: number, fileName: string): Rope {
  const object = config.object[configKeys.ropeScaling] ?? config.object[configKeys.ropeParameters] ?? {}
  if (!isJsonObject(object)) throw config.unsupported('rope parameters that are no object')
  const rope = new ConfigValues(object, fileName)
  if (Object.values(object).some(isJsonObject)) throw config.unsupported('rope parameters by layer type')
  const rotated = rope.number(configKeys.partialRotaryFactor) ?? config.number(configKeys.partialRotaryFactor) ?? 1
  if (rotated !== 1) throw config.unsupported(`rope on a part of each head (partial_rotary_factor ${rotated})`)
  const base = rope.number(configKeys.ropeBase) ?? config.number(configKeys.ropeBase) ?? 10_000
  const type = rope.text(ropeKeys.type) ?? rope.text(ropeKeys.oldType) ?? 'default'
  const originalContextLength =
    config.number(configKeys.originalContextLength) ?? rope.number(configKeys.originalContextLength) ?? contextLength
  return {
    base,
    scaling: scalingOf(type, config, rope, contextLength, originalContextLength),
    // Dynamic scaling leaves the frequencies alone up to the trained length.
    maximumContextLength: type === 'dynamic' ? Math.min(contextLength, originalContextLength) : contextLength,
  }
}

function scalingOf(
  type: string,
  config: ConfigValues,
  rope: ConfigValues,
  contextLength: number,
  originalContextLength: number,
): RopeScaling {
  switch (type) {
    case 'default':
    case 'dynamic':
      return { kind: 'none' }
    case 'linear': {
      const factor = rope.required(ropeKeys.factor)
      return factor === 1 ? { kind: 'none' } : { kind: 'linear', factor }
    }
    case 'llama3':
      return {
        kind: 'llama3',
        factor: rope.required(ropeKeys.factor),
        lowFrequencyFactor: rope.required(ropeKeys.lowFrequencyFactor),
        highFrequencyFactor: rope.required(ropeKeys.highFrequencyFactor),
        originalContextLength,
      }
    case 'yarn': {
      if (rope.flag(ropeKeys.truncate) === false) throw config.unsupported('yarn rope scaling without truncation')
      const factor = rope.number(ropeKeys.factor) ?? contextLength / originalContextLength
      return {
        kind: 'yarn',
        factor,
        originalContextLength,
        attentionFactor: rope.number(ropeKeys.attentionFactor) ?? yarnAttentionFactor(rope, factor),
        betaFast: rope.number(ropeKeys.betaFast) || 32,
        betaSlow: rope.number(ropeKeys.betaSlow) || 1,
      }
    }
    default:
      throw config.unsupported(`the rope scaling ${JSON.stringify(type)}`)
  }
}

/** The scale of cos and sin that the YaRN paper (arXiv 2309.00071) advises, or DeepSeek's ratio of two. */
function yarnAttentionFactor(rope: ConfigValues, factor: number): number {
  const scale = (weight: number) => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1)
  const mscale = rope.number(ropeKeys.mscale)
  const allDimensions = rope.number(ropeKeys.mscaleAllDimensions)
  return mscale && allDimensions ? scale(mscale) / scale(allDimensions) : scale(1)
}
