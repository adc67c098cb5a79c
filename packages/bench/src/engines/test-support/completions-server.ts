import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Completions {
  readonly baseUrl: string
  /** What was asked, in order. */
  readonly bodies: Readonly<Record<string, unknown>>[]
  readonly headers: IncomingMessage['headers'][]
  close(): Promise<void>
}

export interface CompletionsOptions {
  /** The entry in the list of models. */
  readonly model: Readonly<Record<string, unknown>>
  /** Tokens that each answer lacks, as of a server that ends at its end token. */
  readonly missing?: number
  readonly tellsIds?: boolean
  readonly status?: number
}

/** A server of completions over token ids: each token is its predecessor and one, and what a prompt shares with the last one is reused. */
export async function serveCompletions(options: CompletionsOptions): Promise<Completions> {
  const { model, missing = 0, tellsIds = true, status = 200 } = options
  const bodies: Record<string, unknown>[] = []
  const headers: IncomingMessage['headers'][] = []
  let cached: readonly number[] = []
  const server = createServer(async (request, response) => {
    headers.push(request.headers)
    if (request.url === '/v1/models') {
      response.end(JSON.stringify({ object: 'list', data: [model] }))
      return
    }
    const body: Record<string, unknown> = JSON.parse(await text(request))
    bodies.push(body)
    if (status !== 200) {
      response.writeHead(status).end('{"error":{"message":"the model is busy"}}')
      return
    }
    const prompt = Array.isArray(body['prompt']) ? body['prompt'].map(Number) : []
    const generate = Number(body['max_tokens']) - missing
    const same = prompt.findIndex((token, index) => token !== cached[index])
    const reused = Math.min(same < 0 ? prompt.length : same, prompt.length - 1)
    cached = prompt
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (event: object): boolean => response.write(`data: ${JSON.stringify(event)}\n\n`)
    for (let count = 1; count <= generate; count++) {
      const id = (prompt.at(-1) ?? 0) + count
      send({ choices: [{ index: 0, text: `t${id} `, ...(tellsIds && { token_ids: [id] }) }] })
      await new Promise((resolve) => setImmediate(resolve))
    }
    const usage = { prompt_tokens: prompt.length, completion_tokens: generate }
    send({ choices: [], usage: { ...usage, prompt_tokens_details: { cached_tokens: reused } } })
    response.end('data: [DONE]\n\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    ...{ bodies, headers },
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
