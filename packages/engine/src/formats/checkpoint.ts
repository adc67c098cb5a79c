import type { PackedPlace } from '../packed/packed-types.ts'
import type { ByteSource } from './byte-source.ts'

/** Element types of source tensors. The K and legacy quantised types are GGUF's; layouts are in `formats/gguf/`. */
export type TensorType = 'F32' | 'F16' | 'BF16' | 'Q4_0' | 'Q4_1' | 'Q5_0' | 'Q5_1' | 'Q8_0' | 'Q4_K' | 'Q5_K' | 'Q6_K'

/** Where one tensor's bytes lie. `shape` is row-major, outermost dimension first (`[rows, columns]` for a matrix). */
export interface TensorInfo {
  /** Canonical name: Hugging Face's, without the leading `model.` (`layers.0.self_attn.q_proj.weight`). */
  readonly name: string
  readonly type: TensorType
  readonly shape: readonly number[]
  readonly source: ByteSource
  /** Absolute byte offset in `source`. */
  readonly start: number
  readonly byteLength: number
  /**
   * Set when rows are stored in llama.cpp's interleaved-rope order: row `h·D + 2i + j` of the file is row
   * `h·D + j·D/2 + i` of the Hugging Face matrix, for head size `D`. The weights loader undoes it.
   */
  readonly interleavedRopeHeadSize?: number
  /** Where its planes are read from instead of `source`: set by `withPacked`. */
  readonly packed?: PackedPlace
}

export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3'
      readonly factor: number
      readonly lowFrequencyFactor: number
      readonly highFrequencyFactor: number
      readonly originalContextLength: number
    }
  /** One divisor per rotated pair, as in GGUF's `rope_freqs.weight`. */
  | { readonly kind: 'divisors'; readonly divisors: readonly number[] }
  | {
      readonly kind: 'yarn'
      readonly factor: number
      readonly originalContextLength: number
      readonly attentionFactor: number
      readonly betaFast: number
      readonly betaSlow: number
    }

/** What every supported architecture needs to know, in one vocabulary whatever the file format. */
export interface ModelConfig {
  /** `model_type`: names the file in `models/`. */
  readonly architecture: string
  readonly hiddenSize: number
  readonly layerCount: number
  readonly headCount: number
  readonly keyValueHeadCount: number
  readonly headSize: number
  readonly feedForwardSize: number
  readonly vocabularySize: number
  /** Longest context the checkpoint was made for, in tokens. */
  readonly contextLength: number
  readonly normEpsilon: number
  readonly ropeBase: number
  readonly ropeScaling: RopeScaling
  /** The output head is the embedding matrix. */
  readonly tiedEmbeddings: boolean
}

/** A parsed checkpoint: config and directory of tensors; no weights have been read. */
export interface Checkpoint {
  readonly format: 'gguf' | 'safetensors'
  readonly config: ModelConfig
  /** By canonical name. */
  readonly tensors: ReadonlyMap<string, TensorInfo>
  /** GGUF key/value metadata as parsed (tokenizer and template live here); empty for safetensors. */
  readonly metadata: ReadonlyMap<string, MetadataValue>
}

/** Homogeneous numeric arrays arrive as typed arrays, 64-bit integers as `number` when safe, else `bigint`. */
export type MetadataValue =
  | string
  | number
  | bigint
  | boolean
  | readonly string[]
  | readonly boolean[]
  | readonly MetadataValue[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array
