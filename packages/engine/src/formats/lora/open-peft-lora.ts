import { EngineError } from '../../errors.ts'
import type { ByteSource } from '../byte-source.ts'
import type { TensorInfo } from '../checkpoint.ts'
import { isJsonObject, parseJsonObject } from '../json.ts'
import { ConfigValues } from '../safetensors/config-values.ts'
import { maximumConfigCharacters } from '../safetensors/limits.ts'
import { canonicalName } from '../safetensors/names.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import type { LoraAdapter } from './lora-adapter.ts'
import { type LoraPart, pairTargets } from './pair-targets.ts'
import { checkPeftOptions } from './peft-options.ts'
import { readPatterns, valueFor } from './peft-patterns.ts'

const fileName = 'adapter_config.json'

/** Opens PEFT's two files. Ranks are those of the tensors; alpha is the config's, or the first of `alpha_pattern` that fits. */
export async function openPeftLora(text: string, weights: ByteSource, signal?: AbortSignal): Promise<LoraAdapter> {
  if (text.length > maximumConfigCharacters)
    throw new EngineError('file-limit-exceeded', `${fileName} is longer than ${maximumConfigCharacters} characters.`, {
      name: fileName,
      limit: maximumConfigCharacters,
    })
  const object = parseJsonObject(text, fileName)
  checkPeftOptions(object, fileName)
  const config = new ConfigValues(object, fileName)
  const alpha = config.number('lora_alpha') ?? defaultAlpha
  const rank = config.number('r') ?? defaultRank
  const isRootScaled = config.flag('use_rslora') ?? false
  const alphas = readPatterns(object['alpha_pattern'], 'alpha_pattern', fileName)
  const ranks = object['rank_pattern']
  // The tensors tell each rank; where the config has one for all, it is a check that both belong together.
  const isOneRank = !isJsonObject(ranks) || Object.keys(ranks).length === 0
  const scaleOf = (target: string, found: number): number => {
    const module = target.replace(/\.weight$/, '')
    if (isOneRank && rank !== found)
      throw new EngineError(
        'file-malformed',
        `${fileName} says that the rank of ${target} is ${rank}, but ${weights.name} has ${found}: they are not of the same adapter. Use another copy.`,
        { name: fileName, tensor: target, declared: rank, rank: found },
      )
    return (valueFor(alphas, module) ?? alpha) / (isRootScaled ? Math.sqrt(found) : found)
  }
  const tensors = await readSafetensors(weights, signal)
  return {
    format: 'peft',
    name: weights.name,
    baseModel: config.text('base_model_name_or_path'),
    architecture: undefined,
    interleavedRope: false,
    targets: pairTargets(weights.name, partsOf(weights, tensors.values()), scaleOf),
  }
}

/** PEFT's. */
const defaultAlpha = 8
const defaultRank = 8

function* partsOf(source: ByteSource, tensors: Iterable<TensorInfo>): Generator<LoraPart> {
  for (const tensor of tensors) {
    // PEFT leaves out the adapter's own name; tools that save the state as it is do not.
    const [, module, side] = /^(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.\w+)?\.weight$/.exec(tensor.name) ?? []
    if (module === undefined)
      throw new EngineError(
        'format-unsupported',
        `${source.name} holds the tensor ${tensor.name}, which is no part of a plain LoRA (DoRA, trained embeddings or biases, modules saved whole): merge the adapter into its base, or use another.`,
        { name: source.name, tensor: tensor.name },
      )
    yield { target: canonicalName(`${module}.weight`), side: side === 'A' ? 'a' : 'b', tensor }
  }
}
