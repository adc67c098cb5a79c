import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveTest, type TestServer } from './test-server.ts'
import { tinyFolder } from './tiny-folder.ts'

const shape = {
  hidden: 2048,
  layers: 2,
  heads: 16,
  keyValueHeads: 4,
  headSize: 128,
  intermediate: 8192,
  vocabulary: 61,
}

/** Served as zeros, this many at a time. */
const zeros = Buffer.alloc(1 << 20)

export interface LargeModel {
  readonly server: TestServer
  /** Of the weights. */
  readonly bytes: number
}

/** A folder of a llama with some hundred MB of F16 weights, all zero, which lie nowhere: they are made while they are sent. */
export async function serveLargeModel(): Promise<LargeModel> {
  const { header, bytes } = safetensorsHeader(tensors())
  const files = new Map([...tinyFolder()].filter(([name]) => !/safetensors/.test(name)))
  files.set('config.json', Buffer.from(JSON.stringify(config)))
  const server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    const name = request.url?.split('/').at(-1) ?? ''
    const text = files.get(name)
    if (text) response.end(text)
    else if (name === 'model.safetensors') sendWeights(request, response, header, bytes)
    else response.writeHead(404).end()
  })
  return { server, bytes }
}

const config = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: shape.hidden,
  num_hidden_layers: shape.layers,
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

function tensors(): [name: string, shape: number[]][] {
  const { hidden, layers, heads, keyValueHeads, headSize, intermediate, vocabulary } = shape
  const layer: [string, number[]][] = [
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
    layer.map(([name, size]): [string, number[]] => [`model.layers.${index}.${name}.weight`, size]),
  )
  return [['model.embed_tokens.weight', [vocabulary, hidden]], ...numbered.flat(), ['model.norm.weight', [hidden]]]
}

function safetensorsHeader(list: readonly [string, number[]][]): { header: Buffer; bytes: number } {
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

function sendWeights(request: IncomingMessage, response: ServerResponse, header: Buffer, bytes: number): void {
  const size = header.length + bytes
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const [start, end] = [Number(first), Math.min(Number(last) + 1, size)]
  const headers = { 'Content-Range': `bytes ${start}-${end - 1}/${size}`, 'Content-Length': end - start }
  response.writeHead(206, headers)
  let at = start
  const send = (): void => {
    while (at < end) {
      const part = at < header.length ? header.subarray(at, end) : zeros.subarray(0, Math.min(zeros.length, end - at))
      at += part.length
      if (!response.write(part)) return void response.once('drain', send)
    }
    response.end()
  }
  send()
}
