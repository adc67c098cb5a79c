import type { IncomingMessage, ServerResponse } from 'node:http'
import { LARGE_VOCABULARY, largeTokenizer } from './large-tokenizer.ts'
import { type LlamaShape, llamaTensors, llamaTexts, safetensorsHeader, smallLlama } from './llama-folder.ts'
import { seededRandom } from './seeded-random.ts'
import { serveTest, type TestServer } from './test-server.ts'

const largeLlama: LlamaShape = { ...smallLlama, layers: 12, vocabulary: LARGE_VOCABULARY }

/** Numbers in F16 of the size of usual weights, served again and again. */
const weights = Buffer.alloc(1 << 20)
const random = seededRandom(16)
for (let at = 0; at < weights.length; at += 2) weights.writeUInt16LE(((random() * 0x10000) & 0x83ff) | 0x2400, at)

export interface LargeModel {
  readonly server: TestServer
  /** Of the weights. */
  readonly bytes: number
}

/**
 * A folder of a llama with the tokenizer of a large one and some hundred MB of F16 weights, which lie nowhere: they are made while they
 * are sent.
 */
export async function serveLargeModel(shape: LlamaShape = largeLlama): Promise<LargeModel> {
  const { header, bytes } = safetensorsHeader(llamaTensors(shape))
  const files = llamaTexts(shape)
  if (shape.vocabulary === LARGE_VOCABULARY) files.set('tokenizer.json', Buffer.from(largeTokenizer()))
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

function sendWeights(request: IncomingMessage, response: ServerResponse, header: Buffer, bytes: number): void {
  const size = header.length + bytes
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const [start, end] = [Number(first), Math.min(Number(last) + 1, size)]
  const headers = { 'Content-Range': `bytes ${start}-${end - 1}/${size}`, 'Content-Length': end - start }
  response.writeHead(206, headers)
  let at = start
  const send = (): void => {
    while (at < end) {
      const part = at < header.length ? header.subarray(at, end) : weightsAt(at - header.length, end - header.length)
      at += part.length
      if (!response.write(part)) return void response.once('drain', send)
    }
    response.end()
  }
  send()
}

function weightsAt(start: number, end: number): Buffer {
  const from = start % weights.length
  return weights.subarray(from, from + Math.min(weights.length - from, end - start))
}
