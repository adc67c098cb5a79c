import { tinyFolder } from './tiny-folder.ts'

const shape = { hidden: 512, heads: 8, keyValueHeads: 2, headSize: 64, intermediate: 1536, vocabulary: 61 }

/** A folder of a llama with F16 weights made up, some 6 MiB a layer, and a tensor that no backend reads: by path, below `at`. */
export function madeModel(at: string, layers: number, unusedBytes = 0): Map<string, Buffer> {
  const unused: TensorShape[] =
    unusedBytes > 0 ? [['model.layers.0.self_attn.rotary_emb.inv_freq', [unusedBytes / 2]]] : []
  const texts = [...tinyFolder()].filter(([name]) => !/safetensors/.test(name))
  const files = new Map(texts.map(([name, text]) => [at + name, text]))
  files.set(`${at}config.json`, Buffer.from(JSON.stringify(config(layers))))
  files.set(`${at}model.safetensors`, weightsFile([...tensors(layers), ...unused]))
  return files
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

function weightsFile(list: readonly TensorShape[]): Buffer {
  let bytes = 0
  const entries = list.map(([name, size]) => {
    const start = bytes
    bytes += 2 * size.reduce((product, length) => product * length, 1)
    return [name, { dtype: 'F16', shape: size, data_offsets: [start, bytes] }]
  })
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  // Each place has a value of its own, so that bytes in a wrong one make another model.
  const values = Uint16Array.from({ length: bytes / 2 }, (_, index) => 0x2800 | (Math.imul(index, 0x9e37_79b1) >>> 22))
  return Buffer.concat([length, json, Buffer.from(values.buffer)])
}
