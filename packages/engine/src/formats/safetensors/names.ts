/** Keys of `config.json` and tensor names of safetensors, with what stands in when a key is absent. */

export interface SafetensorsArchitecture {
  /** transformers' default `head_dim`; undefined: hidden size / heads. */
  readonly headSize?: number
}

/** By `model_type`. */
export const safetensorsArchitectures: Readonly<Record<string, SafetensorsArchitecture>> = {
  qwen2: {},
  qwen3: { headSize: 128 },
  llama: {},
}

export const configKeys = {
  architecture: 'model_type',
  /** Classes of transformers. */
  classes: 'architectures',
  hiddenSize: 'hidden_size',
  layerCount: 'num_hidden_layers',
  headCount: 'num_attention_heads',
  keyValueHeadCount: 'num_key_value_heads',
  headSize: 'head_dim',
  feedForwardSize: 'intermediate_size',
  vocabularySize: 'vocab_size',
  contextLength: 'max_position_embeddings',
  normEpsilon: 'rms_norm_eps',
  activation: 'hidden_act',
  tiedEmbeddings: 'tie_word_embeddings',
  useSlidingWindow: 'use_sliding_window',
  slidingWindow: 'sliding_window',
  fullAttentionLayers: 'max_window_layers',
  layerTypes: 'layer_types',
  quantization: 'quantization_config',
  partialRotaryFactor: 'partial_rotary_factor',
  ropeBase: 'rope_theta',
  /** transformers 4; 5 reads it first, too. */
  ropeScaling: 'rope_scaling',
  /** transformers 5. */
  ropeParameters: 'rope_parameters',
  originalContextLength: 'original_max_position_embeddings',
} as const

/** Tables that old versions saved beside the weights, of any element type: each runtime makes its own. */
export const recomputedTable = /(rotary_emb\.inv_freq|attn\.(masked_)?bias|embeddings?\.position_ids)$/

/** The value head that TRL's trainers leave beside a language model: it has no part in what that writes. */
export const trainersHead = /^v_head\./

export const ropeKeys = {
  type: 'rope_type',
  oldType: 'type',
  factor: 'factor',
  lowFrequencyFactor: 'low_freq_factor',
  highFrequencyFactor: 'high_freq_factor',
  attentionFactor: 'attention_factor',
  mscale: 'mscale',
  mscaleAllDimensions: 'mscale_all_dim',
  betaFast: 'beta_fast',
  betaSlow: 'beta_slow',
  truncate: 'truncate',
} as const

/** The embedding's canonical name. */
export const embedding = 'embed_tokens.weight'

/** The output head's canonical name. */
export const outputHead = 'lm_head.weight'

/** Base models are saved without the prefix, models with a head with it. */
export function canonicalName(name: string): string {
  return name.startsWith('model.') ? name.slice('model.'.length) : name
}
