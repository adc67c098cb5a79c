import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { crashFlags, destroyDevices, keepDevices } from '../test-support/live-model.ts'
import { madeModel } from '../test-support/made-model.ts'
import { type FilesServer, serveFiles } from '../test-support/serve-files.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { Model } from './model.ts'

// A model that is not kept, and whose GPU is lost: it is fetched once more only where that is allowed.
vi.setConfig({ testTimeout: 120_000 })

const made = madeModel('/made/', 1)
const weights = made.get('/made/model.safetensors')?.length ?? 0

let test: TestPage
let server: FilesServer

beforeAll(async () => {
  test = await openTestPage({ flags: crashFlags, workerPrelude: keepDevices })
  server = await serveFiles(made)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
beforeEach(() => server.forget())

type Answer = 'yes' | 'no'

/** Loads with `cache: false`; whoever is asked gives one answer after another, the last one from then on. */
function load(answers: readonly Answer[]): Promise<void> {
  return test.page.evaluate(
    async ({ source, answers }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const asked: unknown[] = []
      const events: string[] = []
      const left = [...answers]
      const ask = (request: unknown): boolean => {
        asked.push(request)
        const answer = left.length > 1 ? left.shift() : left[0]
        return answer === 'yes'
      }
      let over = (): void => {}
      const lost = new Promise<void>((resolve) => {
        over = resolve
      })
      const model = await core.load(source, {
        ...{ backend: 'sampan', cache: false, download: ask },
        onLost: ({ code, details }, { recovering }) => {
          events.push(recovering ? 'recovering' : `${code} ${Object(details['because']).code}`)
          if (!recovering) over()
        },
        onRecovered: () => {
          events.push('recovered')
          over()
        },
      })
      Object.assign(globalThis, { model, asked, events, lost })
    },
    { source: `${server.url}/made/`, answers },
  )
}

interface Told {
  readonly asked: readonly { readonly reason: string; readonly bytes: number; readonly store: string }[]
  readonly events: readonly string[]
  readonly text: string | null | undefined
  readonly code: string | undefined
}

/** Loses the GPU, asks something, and tells what came of both. */
async function lose(): Promise<Told> {
  server.forget()
  await destroyDevices(test.page)
  return test.page.evaluate(async () => {
    const { model, asked, events, lost }: { model: Model; asked: []; events: string[]; lost: Promise<void> } =
      Object(globalThis)
    const messages = [{ role: 'user', content: 'Hello' } as const]
    const answer = model.chat.completions.create({ messages, temperature: 0, max_tokens: 20 })
    const { text, code } = await answer.then(
      ({ choices }) => ({ text: choices[0]?.message.content, code: undefined }),
      (error: unknown) => ({ text: undefined, code: String(Object(error).code) }),
    )
    await lost
    return { asked, events, text, code }
  })
}

afterEach(() => test.page.evaluate(() => Object(globalThis).model?.dispose()))

it('is asked for again with its bytes, and comes again when that is allowed', async () => {
  await load(['yes'])
  const { asked, events, text } = await lose()
  expect({ events, text }).toEqual({ events: ['recovering', 'recovered'], text: expect.any(String) })
  expect(asked).toHaveLength(2)
  expect(asked[0]).toMatchObject({ reason: 'not-cached', store: 'memory', bytes: expect.any(Number) })
  expect(asked[1]).toEqual(asked[0])
  expect(server.sent()).toBeGreaterThan(0.5 * weights)
})

it('is lost for good when it is not, without a request, until reload() is allowed', async () => {
  await load(['yes', 'no', 'yes'])
  const told = await lose()
  expect(told.events).toEqual(['recovering', 'device-lost download-required'])
  expect(told).toMatchObject({ code: 'device-lost', text: undefined })
  expect(told.asked).toHaveLength(2)
  expect(server.requests).toEqual([])
  const text = await test.page.evaluate(async () => {
    const { model }: { model: Model } = Object(globalThis)
    await model.reload()
    const messages = [{ role: 'user', content: 'Hello' } as const]
    const { choices } = await model.chat.completions.create({ messages, temperature: 0, max_tokens: 20 })
    return choices[0]?.message.content
  })
  expect(text).toEqual(expect.any(String))
  expect(server.sent()).toBeGreaterThan(0.5 * weights)
})
