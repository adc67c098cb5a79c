import type { ServerResponse } from 'node:http'
import type { Model } from '@sampan/core'
import type { Page } from 'playwright'
import { serveTest, type TestServer } from '../../packages/core/src/test-support/test-server.ts'

interface Globals {
  readonly models: Record<string, Model>
  readonly pass: (id: number, text: string) => Promise<void>
  readonly running: Map<number, AbortController>
}

/** A real HTTP server with OpenAI's API, whose answers a model on the page makes, streamed as they come. */
export async function serveApi(page: Page, name: string): Promise<TestServer> {
  const open = new Map<number, ServerResponse>()
  await page.exposeFunction('pass', (id: number, text: string) => void open.get(id)?.write(text))
  await page.evaluate(() => void Object.assign(globalThis, { running: new Map() }))
  return serveTest(async (request, response, id) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', '*')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    let body = ''
    for await (const piece of request) body += String(piece)
    open.set(id, response)
    response.on('close', () => {
      open.delete(id)
      page.evaluate((id) => Object(globalThis).running.get(id)?.abort(), id).catch(() => {})
    })
    const given = { id, name, path: request.url ?? '/', method: request.method ?? 'GET', body }
    const head = await page.evaluate(answer, given)
    response.writeHead(head.status, { 'Content-Type': head.type })
    await page.evaluate(send, id).catch(() => response.destroy())
    response.end()
  })
}

/** In the page: has the model answer. */
async function answer(given: {
  readonly id: number
  readonly name: string
  readonly path: string
  readonly method: string
  readonly body: string
}): Promise<{ readonly status: number; readonly type: string }> {
  const { models, running }: Globals = Object(globalThis)
  const controller = new AbortController()
  running.set(given.id, controller)
  const { method, body } = given
  const init = { method, signal: controller.signal, ...(method === 'POST' && { body }) }
  try {
    const response = await models[given.name]?.fetch(given.path, init)
    Object.assign(controller, { response })
    return { status: response?.status ?? 503, type: response?.headers.get('content-type') ?? 'text/plain' }
  } catch {
    return { status: 499, type: 'text/plain' }
  }
}

/** In the page: passes on what the model says. */
async function send(id: number): Promise<void> {
  const { running, pass }: Globals = Object(globalThis)
  const { response }: { readonly response?: Response } = Object(running.get(id))
  const reader = response?.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const piece = await reader?.read()
    if (!piece || piece.done) break
    await pass(id, piece.value)
  }
  running.delete(id)
}
