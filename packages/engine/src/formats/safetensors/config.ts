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
  const activation = config.text(configKeys.activation) ?? 'silu'
  if (activation !== 'silu' && activation !== 'swish')
    throw config.unsupported(`the activation ${JSON.stringify(activation)}`)
  const hiddenSize = config.required(configKeys.hiddenSize)
  const layerCount = config.required(configKeys.layerCount)
  const headCount = config.required(configKeys.headCount)
  const contextLength = config.required(configKeys.contextLength)
  refuseSlidingWindow(config, layerCount, contextLength)
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
    contextLength: rope.maximumContextLength,
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

/** A window that no layer uses, or that is as long as the context, changes nothing. */
function refuseSlidingWindow(config: ConfigValues, layerCount: number, contextLength: number): void {
  const layerTypes = config.object[configKeys.layerTypes]
  const window = config.number(configKeys.slidingWindow)
  const used = Array.isArray(layerTypes)
    ? layerTypes.some((type) => type !== 'full_attention')
    : config.flag(configKeys.useSlidingWindow) === true &&
      (config.number(configKeys.fullAttentionLayers) ?? 0) < layerCount
  if (used && (window === undefined || window < contextLength)) throw config.unsupported('sliding-window attention')
}
