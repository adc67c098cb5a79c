import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openTestPage, type TestPage } from '../../../core/src/test-support/test-page.ts'
import { type ChatServer, chunk, finish, startChatServer, stream } from './test-support/chat-server.ts'

// The same in a page: another origin, its preflights, and a browser's own fetch.
let test: TestPage
let server: ChatServer
beforeAll(async () => {
  test = await openTestPage({ webgpu: false })
  server = await startChatServer()
  const path = fileURLToPath(new URL('index.ts', import.meta.url))
  // As text: Vitest would rewrite the imports of a function.
  await test.page.evaluate(`import('/@fs${path}').then((module) => void (globalThis.remote = module))`)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

interface Outcome {
  readonly texts?: readonly string[]
  readonly code?: string
  readonly name?: string
}

const answer = (baseUrl: string, abortAfter = 99): Promise<Outcome> =>
  test.page.evaluate(
    async ({ baseUrl, abortAfter }): Promise<Outcome> => {
      const { remote }: { readonly remote: typeof import('./index.ts') } = Object(globalThis)
      const controller = new AbortController()
      const { signal } = controller
      const texts: string[] = []
      const part = async (one: { readonly type: string; readonly text?: string }): Promise<boolean> => {
        if (texts.push(one.text ?? one.type) >= abortAfter) controller.abort()
        return true
      }
      try {
        const model = await remote.connectToServer({ baseUrl, apiKey: 'secret' }, { signal })
        await model.generate({ messages: [{ role: 'user', content: 'hi' }] }, { signal, accepted: () => {}, part })
        return { texts }
      } catch (error) {
        const { code, name }: { readonly code?: string; readonly name?: string } = Object(error)
        return { ...(typeof code === 'string' && { code }), ...(name !== undefined && { name }) }
      }
    },
    { baseUrl, abortAfter },
  )

it('answers in a page', async () => {
  server.answer = (response) =>
    stream(response, [chunk({ reasoning: 'hm' }), chunk({ content: 'é🛶' }), finish('stop')])
  expect(await answer(server.url)).toEqual({ texts: ['hm', 'é🛶'] })
  expect(server.headers.at(-1)).toMatchObject({ authorization: 'Bearer secret' })
  expect(server.headers.at(-1)).not.toHaveProperty('referer')
})

it('closes the connection on abort', async () => {
  server.answer = (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write(`data: ${JSON.stringify(chunk({ content: 'x' }))}\n\n`)
  }
  expect(await answer(server.url, 1)).toMatchObject({ name: 'AbortError' })
  await vi.waitFor(() => expect(server.closed).toBe(1), { timeout: 5000 })
})

it('tells of a server that does not allow the page', async () => {
  server.answer = (response) => {
    response.removeHeader('Access-Control-Allow-Origin')
    stream(response, [chunk({ content: 'x' }), finish('stop')])
  }
  expect(await answer(server.url)).toEqual({ name: 'BackendError', code: 'network-failed' })
})
