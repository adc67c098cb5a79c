import { EngineError } from '../errors.ts'
import type { ModelConfig } from '../formats/checkpoint.ts'

/** A matrix `[outputs, inputs]` and perhaps a bias `[outputs]`, by the canonical names of their tensors. */
export interface Linear {
  readonly weight: string
  readonly outputs: number
  readonly inputs: number
  readonly bias: string | undefined
}

export interface Attention {
  readonly query: Linear
  readonly key: Linear
  readonly value: Linear
  readonly output: Linear
  /** RMSNorm of every query and key head before it turns, gains `[headSize]`. */
  readonly headNorms: { readonly query: string; readonly key: string } | undefined
}

/** Gated MLP: down(silu(gate(x)) ⊙ up(x)). */
export interface Mlp {
  readonly gate: Linear
  readonly up: Linear
  readonly down: Linear
}

/** Pre-norm block: x += attention(norm(x)); x += mlp(norm(x)). */
export interface DecoderLayer {
  readonly inputNorm: string
  readonly attention: Attention
  readonly postAttentionNorm: string
  readonly mlp: Mlp
}

/** What the runtime needs to know of an architecture: which tensors make which blocks. It reads properties, never names. */
export interface DecoderModel {
  readonly config: ModelConfig
  readonly embedding: Linear
  readonly layers: readonly DecoderLayer[]
  readonly finalNorm: string
  /** The embedding itself when tied. */
  readonly head: Linear
}

/** Names of the tensors that a checkpoint has. */
export type TensorNames = { has(name: string): boolean }

/** One architecture: a file in this folder, named after its `model_type`. */
export interface Architecture {
  readonly modelType: string
  readonly build: (config: ModelConfig, tensors: TensorNames) => DecoderModel
}

export interface AttentionTraits {
  /** `present`: q, k and v have biases. `as-found`: whichever of q, k, v, o the checkpoint has. */
  readonly bias: 'none' | 'present' | 'as-found'
  readonly headNorms: boolean
}

/** The Llama family's decoder, which differs by architecture in the traits of its attention. */
export function decoderModel(config: ModelConfig, tensors: TensorNames, traits: AttentionTraits): DecoderModel {
  const embedding = linear('embed_tokens', config.vocabularySize, config.hiddenSize)
  return {
    config,
    embedding,
    layers: Array.from({ length: config.layerCount }, (_, index) => decoderLayer(config, tensors, traits, index)),
    finalNorm: 'norm.weight',
    head: config.tiedEmbeddings ? embedding : linear('lm_head', config.vocabularySize, config.hiddenSize),
  }
}

function decoderLayer(config: ModelConfig, tensors: TensorNames, traits: AttentionTraits, index: number): DecoderLayer {
  const prefix = `layers.${index}`
  const { hiddenSize, feedForwardSize } = config
  return {
    inputNorm: `${prefix}.input_layernorm.weight`,
    attention: attention(config, tensors, traits, `${prefix}.self_attn`),
    postAttentionNorm: `${prefix}.post_attention_layernorm.weight`,
    mlp: {
      gate: linear(`${prefix}.mlp.gate_proj`, feedForwardSize, hiddenSize),
      up: linear(`${prefix}.mlp.up_proj`, feedForwardSize, hiddenSize),
      down: linear(`${prefix}.mlp.down_proj`, hiddenSize, feedForwardSize),
    },
  }
}

function attention(config: ModelConfig, tensors: TensorNames, traits: AttentionTraits, prefix: string): Attention {
  const queries = config.headCount * config.headSize
  const keys = config.keyValueHeadCount * config.headSize
  const inputs = ['q_proj', 'k_proj', 'v_proj']
  const biased = inputs.filter((name) => tensors.has(`${prefix}.${name}.bias`))
  if (traits.bias === 'as-found' && biased.length % inputs.length !== 0) {
    throw new EngineError(
      'format-unsupported',
      `${prefix} has biases for ${biased.join(' and ')} alone, which is not supported: all of q, k and v have one, or none.`,
      { tensors: biased },
    )
  }
  const projection = (name: string, outputs: number, inputs: number, mayHaveBias: boolean): Linear => {
    const bias = `${prefix}.${name}.bias`
    const has = mayHaveBias && (traits.bias === 'present' || (traits.bias === 'as-found' && tensors.has(bias)))
    return { ...linear(`${prefix}.${name}`, outputs, inputs), bias: has ? bias : undefined }
  }
  return {
    query: projection('q_proj', queries, config.hiddenSize, true),
    key: projection('k_proj', keys, config.hiddenSize, true),
    value: projection('v_proj', keys, config.hiddenSize, true),
    output: projection('o_proj', config.hiddenSize, queries, traits.bias === 'as-found'),
    headNorms: traits.headNorms ? { query: `${prefix}.q_norm.weight`, key: `${prefix}.k_norm.weight` } : undefined,
  }
}

const linear = (name: string, outputs: number, inputs: number): Linear => ({
  weight: `${name}.weight`,
  outputs,
  inputs,
  bias: undefined,
})
