/** GGUF's tensor names and metadata keys, each with the canonical name or config field it stands for. */

export interface GgufArchitecture {
  /** llama.cpp's converter reorders the q and k rows of this architecture for interleaved rope. */
  readonly interleavedRope: boolean
}

/** By `general.architecture`; the names are also the `model_type`s that `models/` knows. */
export const ggufArchitectures: Readonly<Record<string, GgufArchitecture>> = {
  qwen2: { interleavedRope: false },
  qwen3: { interleavedRope: false },
  llama: { interleavedRope: true },
}

/** Metadata keys; all but `architecture` and `tokens` follow the architecture's name and a dot. */
export const ggufKeys = {
  architecture: 'general.architecture',
  tokens: 'tokenizer.ggml.tokens',
  hiddenSize: 'embedding_length',
  layerCount: 'block_count',
  headCount: 'attention.head_count',
  keyValueHeadCount: 'attention.head_count_kv',
  keySize: 'attention.key_length',
  valueSize: 'attention.value_length',
  feedForwardSize: 'feed_forward_length',
  vocabularySize: 'vocab_size',
  contextLength: 'context_length',
  normEpsilon: 'attention.layer_norm_rms_epsilon',
  slidingWindow: 'attention.sliding_window',
  ropeBase: 'rope.freq_base',
  ropeSize: 'rope.dimension_count',
  ropeType: 'rope.scaling.type',
  ropeFactor: 'rope.scaling.factor',
  ropeLinearFactor: 'rope.scale_linear',
  ropeOriginalContextLength: 'rope.scaling.original_context_length',
  ropeAttentionFactor: 'rope.scaling.attn_factor',
  ropeBetaFast: 'rope.scaling.yarn_beta_fast',
  ropeBetaSlow: 'rope.scaling.yarn_beta_slow',
} as const

/** One divisor per rotated pair: Llama 3's rope scaling, worked out by the converter. */
export const ropeDivisorsTensor = 'rope_freqs.weight'

const outerNames: Readonly<Record<string, string>> = {
  token_embd: 'embed_tokens',
  output_norm: 'norm',
  output: 'lm_head',
}

const layerNames: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
}

/** The canonical name; a tensor that is not in the tables keeps its own. */
export function canonicalName(name: string): string {
  const { layer, base, kind } =
    /^(?:blk\.(?<layer>\d+)\.)?(?<base>[a-z_]+)\.(?<kind>weight|bias)$/.exec(name)?.groups ?? {}
  if (base === undefined) return name
  if (layer === undefined) return Object.hasOwn(outerNames, base) ? `${outerNames[base]}.${kind}` : name
  return Object.hasOwn(layerNames, base) ? `layers.${layer}.${layerNames[base]}.${kind}` : name
}

/** Whether a canonical name is one of the matrices or biases whose rows rope pairs up. */
export function isRotated(name: string): boolean {
  return /\.self_attn\.[qk]_proj\.(weight|bias)$/.test(name)
}
