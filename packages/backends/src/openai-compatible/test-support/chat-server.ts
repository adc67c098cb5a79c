import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AnswerPart, GenerationEnd, GenerationRequest } from '@sampan/core'
import { serveTest } from '../../../../core/src/test-support/test-server.ts'
import type { BackendError } from '../../backend-error.ts'
import { connectToServer, type ServerOptions } from '../connect.ts'
import type { RemoteModel } from '../remote-model.ts'

export const MODEL = { id: 'org/model', object: 'model', owned_by: 'vllm', max_model_len: 2048 }

export interface ChatServer {
  readonly url: string
  readonly bodies: Readonly<Record<string, unknown>>[]
  readonly headers: IncomingMessage['headers'][]
  /** What a chat completion is answered with. */
  answer(response: ServerResponse, request: IncomingMessage): void
  models: unknown
  /** How many answers' connections the other side has closed. */
  closed: number
  close(): Promise<void>
}

/** A real HTTP server on the loopback address that plays an OpenAI-compatible one. */
export async function startChatServer(): Promise<ChatServer> {
  const { url, close } = await serveTest((request, response) => {
    server.headers.push(request.headers)
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', '*')
    if (request.method === 'OPTIONS') response.writeHead(204).end()
    else if (request.url === '/v1/models') response.end(JSON.stringify(server.models))
    else if (request.url === '/v1/chat/completions') {
      response.on('close', () => {
        if (!response.writableFinished) server.closed++
      })
      let body = ''
      request.on('data', (piece: Buffer) => {
        body += piece.toString()
      })
      request.on('end', () => {
        server.bodies.push(JSON.parse(body))
        server.answer(response, request)
      })
    } else response.writeHead(404).end('{"detail":"Not Found"}')
  })
  const server: ChatServer = {
    ...{ url: `${url}/v1`, bodies: [], headers: [], closed: 0, close },
    models: { object: 'list', data: [MODEL] },
    answer: (response) => stream(response, [chunk({ content: 'hi' }), finish('stop')]),
  }
  return server
}

export const chunk = (delta: object, more: object = {}): object => ({
  ...{ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' },
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
})
export const finish = (reason: string): object => chunk({}, { finish_reason: reason })

export function stream(response: ServerResponse, chunks: readonly object[], end = 'data: [DONE]\n\n'): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' })
  response.end(chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('') + end)
}

export function connect(server: ChatServer, options: Partial<ServerOptions> = {}): Promise<RemoteModel> {
  return connectToServer({ baseUrl: server.url, ...options }, { signal: new AbortController().signal })
}

export interface Answered {
  readonly parts: readonly AnswerPart[]
  readonly end: GenerationEnd
  readonly accepted: number
}

export async function ask(
  model: Pick<RemoteModel, 'generate'>,
  request: Partial<GenerationRequest> = {},
  { signal = new AbortController().signal, leaveAfter = Number.POSITIVE_INFINITY } = {},
): Promise<Answered> {
  const parts: AnswerPart[] = []
  let accepted = 0
  const end = await model.generate(
    { messages: [{ role: 'user', content: 'hi' }], ...request },
    { signal, accepted: () => void accepted++, part: async (part) => parts.push(part) < leaveAfter },
  )
  return { parts, end, accepted }
}

/** What `promise` rejects with. */
export const failure = (promise: Promise<unknown>): Promise<BackendError> =>
  promise.then(
    () => Promise.reject(new Error('it went well')),
    (error) => error,
  )
