import { createHash } from 'node:crypto'
import { tinyFolder } from '../../../packages/core/src/test-support/tiny-folder.ts'

const shape = { hidden: 512, heads: 8, keyValueHeads: 2, headSize: 64, intermediate: 1536, vocabulary: 61 }

/** A folder of a llama with F16 weights by a seed, in two shards, with a tokenizer of letters. */
export interface SeededModel {
  readonly files: Readonly<Record<string, Buffer>>
  readonly weights: readonly string[]
  /** Of the weights' files. */
  readonly bytes: number
}

/** @param layers of some 7 MB each */
export function seededModel(seed: number, layers: number): SeededModel {
  const all = tensors(layers)
  const half = Math.ceil(all.length / 2)
  const shards = [all.slice(0, half), all.slice(half)]
  const names = shards.map((_, index) => `model-0000${index + 1}-of-0000${shards.length}.safetensors`)
  const texts = [...tinyFolder()].filter(([name]) => !/safetensors/.test(name))
  const map = Object.fromEntries(shards.flatMap((shard, index) => shard.map(([name]) => [name, names[index]])))
  const weights = shards.map((shard, index) => [names[index] ?? '', weightsFile(shard, seed + index)] as const)
  const files: Record<string, Buffer> = {
    ...Object.fromEntries(texts),
    'config.json': Buffer.from(JSON.stringify(config(layers))),
    'model.safetensors.index.json': Buffer.from(JSON.stringify({ metadata: {}, weight_map: map })),
    ...Object.fromEntries(weights),
  }
  return { files, weights: names, bytes: weights.reduce((sum, [, file]) => sum + file.length, 0) }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function config(layers: number): object {
  return {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    hidden_size: shape.hidden,
    num_hidden_layers: layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.keyValueHeads,
    head_dim: shape.headSize,
    intermediate_size: shape.intermediate,
    vocab_size: shape.vocabulary,
    max_position_embeddings: 256,
    rms_norm_eps: 1e-6,
    hidden_act: 'silu',
    tie_word_embeddings: true,
    rope_theta: 10_000,
    torch_dtype: 'float16',
  }
}

type TensorShape = readonly [name: string, shape: readonly number[]]

function tensors(layers: number): readonly TensorShape[] {
  const { hidden, heads, keyValueHeads, headSize, intermediate, vocabulary } = shape
  const layer: readonly TensorShape[] = [
    ['self_attn.q_proj', [heads * headSize, hidden]],
    ['self_attn.k_proj', [keyValueHeads * headSize, hidden]],
    ['self_attn.v_proj', [keyValueHeads * headSize, hidden]],
    ['self_attn.o_proj', [hidden, heads * headSize]],
    ['mlp.gate_proj', [intermediate, hidden]],
    ['mlp.up_proj', [intermediate, hidden]],
    ['mlp.down_proj', [hidden, intermediate]],
    ['input_layernorm', [hidden]],
    ['post_attention_layernorm', [hidden]],
  ]
  const numbered = Array.from({ length: layers }, (_, index) =>
    layer.map(([name, size]): TensorShape => [`model.layers.${index}.${name}.weight`, size]),
  )
  return [['model.embed_tokens.weight', [vocabulary, hidden]], ...numbered.flat(), ['model.norm.weight', [hidden]]]
}

function weightsFile(list: readonly TensorShape[], seed: number): Buffer {
  let bytes = 0
  const entries = list.map(([name, size]) => {
    const start = bytes
    bytes += 2 * size.reduce((product, length) => product * length, 1)
    return [name, { dtype: 'F16', shape: size, data_offsets: [start, bytes] }]
  })
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, halfNumbers(bytes, seed)])
}

/** Between 1/16 and 1/8, of either sign: xorshift with 32 bits for two numbers. */
function halfNumbers(bytes: number, seed: number): Buffer {
  const words = new Uint32Array(bytes / 4)
  let state = Math.imul(seed + 1, 0x9e37_79b1) | 1
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[at] = (state & 0x83ff_83ff) | 0x2c00_2c00
  }
  return Buffer.from(words.buffer)
}
