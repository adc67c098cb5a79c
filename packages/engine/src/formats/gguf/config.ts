import { EngineError } from '../../errors.ts'
import { checkConfig } from '../check-config.ts'
import type { MetadataValue, ModelConfig, RopeScaling } from '../checkpoint.ts'
import { ggufKeys } from './names.ts'
import type { GgufFile } from './read-gguf.ts'

type Key = keyof typeof ggufKeys

/**
 * The model's shape from GGUF metadata.
 * @param ropeDivisors the values of `rope_freqs.weight`, where the file has one
 * @throws EngineError `file-malformed`, `file-limit-exceeded`, or `format-unsupported` for a variant that is not computed here.
 */
export function ggufConfig(
  fileName: string,
  architecture: string,
  file: GgufFile,
  ropeDivisors: Float32Array | undefined,
): ModelConfig {
  const values = new ArchitectureValues(fileName, architecture, file.metadata)
  const hiddenSize = values.required('hiddenSize')
  const headCount = values.required('headCount')
  const headSize = values.optional('keySize') ?? hiddenSize / headCount
  const contextLength = values.required('contextLength')
  values.mustEqual('valueSize', headSize, 'a value size other than its key size')
  values.mustEqual('ropeSize', headSize, 'rope on a part of each head')
  const window = values.optional('slidingWindow') ?? 0
  return checkConfig(fileName, {
    architecture,
    hiddenSize,
    layerCount: values.required('layerCount'),
    headCount,
    keyValueHeadCount: values.optional('keyValueHeadCount') ?? headCount,
    headSize,
    feedForwardSize: values.required('feedForwardSize'),
    vocabularySize: vocabularySize(values, file),
    // Within one window all tokens see each other, as without.
    contextLength: window >= 1 ? Math.min(window, contextLength) : contextLength,
    normEpsilon: values.required('normEpsilon'),
    ropeBase: values.optional('ropeBase') ?? 10_000,
    ropeScaling: ropeScaling(values, contextLength, ropeDivisors),
    tiedEmbeddings: !file.tensors.has('output.weight'),
  })
}

/** The embedding's rows are what exists; the key and the token list serve a header without tensors. */
function vocabularySize(values: ArchitectureValues, file: GgufFile): number {
  const rows = file.tensors.get('token_embd.weight')?.shape[0]
  const tokens = file.metadata.get(ggufKeys.tokens)
  return (
    rows ??
    values.optional('vocabularySize') ??
    (Array.isArray(tokens) ? tokens.length : values.required('vocabularySize'))
  )
}

function ropeScaling(
  values: ArchitectureValues,
  contextLength: number,
  divisors: Float32Array | undefined,
): RopeScaling {
  const type = values.text('ropeType') ?? (values.optional('ropeLinearFactor') === undefined ? 'none' : 'linear')
  if (divisors) {
    if (type !== 'none') throw values.unsupported(`rope_freqs.weight together with ${type} rope scaling`)
    return { kind: 'divisors', divisors: [...divisors] }
  }
  switch (type) {
    case 'none':
      return { kind: 'none' }
    case 'linear': {
      const factor = values.optional('ropeFactor') ?? values.required('ropeLinearFactor')
      return factor === 1 ? { kind: 'none' } : { kind: 'linear', factor }
    }
    case 'yarn': {
      const factor = values.required('ropeFactor')
      return {
        kind: 'yarn',
        factor,
        originalContextLength: values.optional('ropeOriginalContextLength') ?? contextLength,
        // ggml multiplies the file's factor by YaRN's own.
        attentionFactor: (values.optional('ropeAttentionFactor') ?? 1) * (factor > 1 ? 1 + 0.1 * Math.log(factor) : 1),
        betaFast: values.optional('ropeBetaFast') ?? 32,
        betaSlow: values.optional('ropeBetaSlow') ?? 1,
      }
    }
    default:
      throw values.unsupported(`the rope scaling ${JSON.stringify(type)}`)
  }
}

class ArchitectureValues {
  readonly #fileName: string
  readonly #architecture: string
  readonly #metadata: ReadonlyMap<string, MetadataValue>

  constructor(fileName: string, architecture: string, metadata: ReadonlyMap<string, MetadataValue>) {
    this.#fileName = fileName
    this.#architecture = architecture
    this.#metadata = metadata
  }

  required(key: Key): number {
    const value = this.optional(key)
    if (value === undefined) throw this.#malformed(key, 'is missing')
    return value
  }

  optional(key: Key): number | undefined {
    const value = this.#metadata.get(this.#name(key))
    if (value === undefined || typeof value === 'number') return value
    throw this.#malformed(key, 'is not a single number')
  }

  text(key: Key): string | undefined {
    const value = this.#metadata.get(this.#name(key))
    if (value === undefined || typeof value === 'string') return value
    throw this.#malformed(key, 'is not a string')
  }

  mustEqual(key: Key, expected: number, feature: string): void {
    if ((this.optional(key) ?? expected) !== expected) throw this.unsupported(feature)
  }

  unsupported(feature: string): EngineError {
    return new EngineError(
      'format-unsupported',
      `${this.#fileName} uses ${feature}, which is not supported for ${this.#architecture}. Use another model.`,
      { name: this.#fileName, architecture: this.#architecture, feature },
    )
  }

  #name(key: Key): string {
    return `${this.#architecture}.${ggufKeys[key]}`
  }

  #malformed(key: Key, problem: string): EngineError {
    return new EngineError(
      'file-malformed',
      `${this.#fileName}: the metadata ${this.#name(key)} ${problem}. Use another copy or conversion of the model.`,
      { name: this.#fileName, key: this.#name(key) },
    )
  }
}
