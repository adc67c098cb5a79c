import { checkConfig } from '../check-config.ts'
import type { ModelConfig } from '../checkpoint.ts'
import type { JsonObject } from '../json.ts'
import { ConfigValues } from './config-values.ts'
import { configKeys, safetensorsArchitectures } from './names.ts'
import { ropeOf } from './rope-scaling.ts'

/**
 * The model's shape from a `config.json` of transformers 4 or 5.
 * @throws EngineError `file-malformed`, `file-limit-exceeded`, or `format-unsupported` for a variant that is not computed here.
 */
export function safetensorsConfig(object: JsonObject, fileName: string): ModelConfig {
  const config = new ConfigValues(object, fileName)
  const architecture = config.text(configKeys.architecture) ?? ''
  refuseQuantized(config)
  refuseOtherHeads(config)
  const activation = config.text(configKeys.activation) ?? 'silu'
  if (activation !== 'silu' && activation !== 'swish')
    throw config.unsupported(`the activation ${JSON.stringify(activation)}`)
  const hiddenSize = config.required(configKeys.hiddenSize)
  const layerCount = config.required(configKeys.layerCount)
  const headCount = config.required(configKeys.headCount)
  const contextLength = config.required(configKeys.contextLength)
  const window = slidingWindow(config, layerCount)
  const rope = ropeOf(config, contextLength, fileName)
  return checkConfig(fileName, {
    architecture,
    hiddenSize,
    layerCount,
    headCount,
    keyValueHeadCount: config.number(configKeys.keyValueHeadCount) ?? headCount,
    headSize:
      config.number(configKeys.headSize) ?? safetensorsArchitectures[architecture]?.headSize ?? hiddenSize / headCount,
    feedForwardSize: config.required(configKeys.feedForwardSize),
    vocabularySize: config.required(configKeys.vocabularySize),
    // Within one window all tokens see each other, as without.
    contextLength: Math.min(rope.maximumContextLength, window ?? contextLength),
    normEpsilon: config.number(configKeys.normEpsilon) ?? 1e-6,
    ropeBase: rope.base,
    ropeScaling: rope.scaling,
    tiedEmbeddings: config.flag(configKeys.tiedEmbeddings) ?? false,
  })
}

/** Of GPTQ, AWQ, bitsandbytes and their like, and of MLX, which has a key of its own. */
function refuseQuantized(config: ConfigValues): void {
  const quantization = config.object[configKeys.quantization] ?? config.object['quantization'] ?? false
  if (quantization === false) return
  const method =
    typeof quantization === 'object' && quantization !== null ? Reflect.get(quantization, 'quant_method') : ''
  const by = typeof method === 'string' && /^[\w-]{1,40}$/.test(method) ? ` by ${method}` : ''
  throw config.unsupported(
    `weights quantised${by} for another runtime (take the unquantised model or a GGUF file of it)`,
  )
}

/** Of classifiers, reward models and their like, which write no text; transformers names what a checkpoint was saved as. */
function refuseOtherHeads(config: ConfigValues): void {
  const names = config.object[configKeys.classes]
  const classes = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  const [other] = classes.filter((name) => /^\w{1,100}$/.test(name) && /For[A-Z]|RewardModel/.test(name))
  if (other !== undefined && !classes.some((name) => name.includes('ForCausalLM')))
    throw config.unsupported(`a ${other}, which is no model that writes text (take one that is saved as …ForCausalLM)`)
}

/** Tokens that a layer sees back from each; undefined where all layers see all. */
function slidingWindow(config: ConfigValues, layerCount: number): number | undefined {
  const layerTypes = config.object[configKeys.layerTypes]
  const window = config.number(configKeys.slidingWindow)
  const used = Array.isArray(layerTypes)
    ? layerTypes.some((type) => type !== 'full_attention')
    : config.flag(configKeys.useSlidingWindow) === true &&
      (config.number(configKeys.fullAttentionLayers) ?? 0) < layerCount
  if (!used) return undefined
  const isWindow =
    !Array.isArray(layerTypes) || layerTypes.every((type) => type === 'full_attention' || type === 'sliding_attention')
  if (isWindow && window !== undefined && window >= 1) return window
  throw config.unsupported(
    isWindow
      ? 'sliding-window attention of no size'
      : `the layer types ${JSON.stringify([...new Set(layerTypes)]).slice(0, 200)}`,
  )
}
