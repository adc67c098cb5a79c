import type { IncomingMessage, ServerResponse } from 'node:http'
import { llamaTensors, llamaTexts, safetensorsHeader } from './llama-folder.ts'
import { serveTest, type TestServer } from './test-server.ts'

const shape = {
  hidden: 2048,
  layers: 2,
  heads: 16,
  keyValueHeads: 4,
  headSize: 128,
  intermediate: 8192,
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
  const { header, bytes } = safetensorsHeader(llamaTensors(shape))
  const files = llamaTexts(shape)
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
      const part = at < header.length ? header.subarray(at, end) : zeros.subarray(0, Math.min(zeros.length, end - at))
      at += part.length
      if (!response.write(part)) return void response.once('drain', send)
    }
    response.end()
  }
  send()
}
