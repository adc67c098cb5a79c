import { tinyFolder } from './tiny-folder.ts'

export type TensorShape = readonly [name: string, shape: readonly number[]]

export interface LlamaShape {
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
  readonly intermediate: number
  /** Default: that of the tiny folder's tokenizer. */
  readonly vocabulary?: number
}

/** Some 6 MiB of F16 a layer. */
export const smallLlama = { hidden: 512, heads: 8, keyValueHeads: 2, headSize: 64, intermediate: 1536 }

/** Of the tiny folder's tokenizer. */
const VOCABULARY = 61

/** `config.json`, tokenizer and template of a llama of that shape, by name. */
export function llamaTexts(shape: LlamaShape): Map<string, Buffer> {
  const texts = new Map([...tinyFolder()].filter(([name]) => !/safetensors/.test(name)))
  return texts.set('config.json', Buffer.from(JSON.stringify(config(shape))))
}

function config(shape: LlamaShape): object {
  const { layers, hidden, heads, keyValueHeads, headSize, intermediate, vocabulary = VOCABULARY } = shape
  return {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    head_dim: headSize,
    intermediate_size: intermediate,
    vocab_size: vocabulary,
    max_position_embeddings: 256,
    rms_norm_eps: 1e-6,
    hidden_act: 'silu',
    tie_word_embeddings: true,
    rope_theta: 10_000,
    torch_dtype: 'float16',
  }
}

export function llamaTensors(shape: LlamaShape): readonly TensorShape[] {
  const { layers, hidden, heads, keyValueHeads, headSize, intermediate, vocabulary = VOCABULARY } = shape
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

/** What stands before the weights of a safetensors file in F16, and how many bytes these have. */
export function safetensorsHeader(list: readonly TensorShape[]): { readonly header: Buffer; readonly bytes: number } {
  let bytes = 0
  const entries = list.map(([name, size]) => {
    const start = bytes
    bytes += 2 * size.reduce((product, length) => product * length, 1)
    return [name, { dtype: 'F16', shape: size, data_offsets: [start, bytes] }]
  })
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return { header: Buffer.concat([length, json]), bytes }
}
