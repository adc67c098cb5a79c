import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { FaultPlan } from '../plan/fault.ts'
import { applyFault } from './apply-fault.ts'
import { deliver } from './deliver.ts'
import type { Answered, Asked } from './reply.ts'
import type { LoggedRequest, RequestLog } from './request-log.ts'

/** One HTTP server with a port of its own: an origin. */
export interface Origin {
  readonly url: string
  /** All connections end. */
  cut(): void
  close(): Promise<void>
}

export interface OriginOptions {
  readonly name: LoggedRequest['origin']
  readonly log: RequestLog
  /** Asked for each request; the plan may be another each time. */
  readonly plan: () => FaultPlan | undefined
  readonly answer: (asked: Asked) => Answered
}

export async function startOrigin({ name, log, plan, answer }: OriginOptions): Promise<Origin> {
  const server = createServer((request, response) => {
    // What nobody can read, such as an address with half a character, is not answered.
    serve(request, response).catch(() => response.destroy())
  })
  // Pauses between two requests of a test are no reason to meet a connection that is just being closed.
  server.keepAliveTimeout = 120_000

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {})
    const asked: Asked = {
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', url),
      headers: request.headers,
    }
    const { subject, reply } = answer(asked)
    const { kind, path } = subject
    const range = request.headers.range
    const fault = plan()?.({ kind, path, number: log.countOf(kind, path) + 1, range })
    const delivery = applyFault(reply, fault, subject.revoke)
    const count = log.add({
      origin: name,
      kind,
      repository: subject.repository,
      path,
      method: asked.method,
      url: request.url ?? '/',
      headers: { ...request.headers },
      range,
      status: delivery.status,
      fault,
    })
    const silent = asked.method === 'HEAD' || delivery.status === 304 || delivery.status === 204
    const body = silent ? { ...delivery.body, size: 0 } : delivery.body
    await deliver(response, { ...delivery, body }, count)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const url = `http://127.0.0.1:${address.port}`
  return {
    url,
    cut: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
