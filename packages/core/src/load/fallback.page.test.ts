import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'

let test: TestPage
let server: TestServer
beforeAll(async () => {
  test = await openTestPage({ webgpu: false })
  server = await serveModels()
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

describe('a page that has a GPU, in Workers that have none', () => {
  it('goes on with the CPU by itself, and says why', async () => {
    const seen = await test.page.evaluate(async (url) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const adapter = { info: { vendor: 'apple', architecture: 'metal-3', description: '' }, features: new Set() }
      const own = Object.getOwnPropertyDescriptor(navigator, 'gpu')
      Object.defineProperty(navigator, 'gpu', { configurable: true, value: { requestAdapter: async () => adapter } })
      const places: unknown[] = []
      const fractions: number[] = []
      try {
        const onProgress = ({ fraction }: { fraction: number }): void => void fractions.push(fraction)
        const model = await core.load(`${url}/tiny.gguf`, { onProgress, onReply: (place) => places.push(place) })
        const messages = [{ role: 'user', content: 'Hello' } as const]
        const { computed_by } = await model.chat.completions.create({ messages, max_tokens: 2 })
        await model.dispose()
        const options = { fallback: [] }
        const alone = await core.load(`${url}/tiny.gguf`, options).catch((error: unknown) => Object(error).code)
        const folder = await core.load(`${url}/folder/`).catch((error: unknown) => Object(error).code)
        return {
          places: [...places, computed_by],
          rising: fractions.every((f, i) => f >= (fractions[i - 1] ?? 0)),
          alone,
          folder,
        }
      } finally {
        Reflect.deleteProperty(navigator, 'gpu')
        if (own) Object.defineProperty(navigator, 'gpu', own)
      }
    }, server.url)
    const place = { where: 'device', backend: 'wllama', model: `${server.url}/tiny.gguf`, reason: 'webgpu-unavailable' }
    expect(seen).toEqual({
      ...{ places: [place, place], rising: true },
      ...{ alone: 'webgpu-unavailable', folder: 'webgpu-unavailable' },
    })
  })
}, 120_000)
