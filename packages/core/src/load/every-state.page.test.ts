import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Counters, Ledger } from '../backend.ts'
import { askModel } from '../test-support/ask-model.ts'
import { type AnswerState, type Ending, endAnswer } from '../test-support/end-answer.ts'
import { keepDevices, loadLive } from '../test-support/live-model.ts'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'
import type { Model } from './model.ts'

// Answers that are ended in every state, and models that come and go: nothing is left behind.
const LOADS = process.env['SAMPAN_SOAK'] ? 1000 : 20
vi.setConfig({ testTimeout: 120_000 + LOADS * 5000 })

const leave = ['break', 'return', 'throw', 'abort', 'dispose'] as const
const ENDINGS: readonly (readonly [AnswerState, readonly Ending[]])[] = [
  ['waiting', ['abort', 'dispose']],
  ['prefill', leave],
  ['decode', leave],
  ['paused', leave],
  ['rebuilding', leave],
  ['dead', ['break', 'abort', 'dispose']],
]

let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage({ workerPrelude: keepDevices })
  server = await serveModels()
  await loadLive(test.page, `${server.url}/tiny.gguf`)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

interface Books {
  readonly counters?: Counters
  readonly ledger?: Ledger
  /** Nothing was submitted between two looks at the counters. */
  readonly idle?: boolean
}

const books = (): Promise<Books> =>
  test.page.evaluate(async () => {
    const { model }: { model: Model } = Object(globalThis)
    const counters = await model.counters()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const idle = (await model.counters())?.submits === counters?.submits
    const ledger = await model.ledger()
    return { ...(counters && { counters }), ...(ledger && { ledger }), idle }
  })

describe('an answer', () => {
  for (const [state, endings] of ENDINGS)
    it(`ended in the state ${state} leaves the model as it was, or nothing of it`, async () => {
      for (const ending of endings) {
        const note = `${state}, ${ending}`
        const before = await books()
        const seen = await endAnswer(test.page, state, ending)
        const lost = state === 'dead' ? 'worker-failed' : undefined
        const outcome = { break: 'left', return: 'left', throw: 'thrown', abort: 'aborted', dispose: 'model-disposed' }
        expect(seen, note).toBe(lost ?? outcome[ending])
        if (ending === 'dispose') {
          const left = await test.page.evaluate(async () => {
            const { model }: { model: Model } = Object(globalThis)
            const code = (error: unknown): string => Object(error).code
            return { total: (await model.ledger())?.total, later: await model.counters().catch(code) }
          })
          expect(left, note).toEqual({ total: 0, later: 'model-disposed' })
          await expect.poll(() => test.page.workers().length).toBe(0)
          await loadLive(test.page, `${server.url}/tiny.gguf`)
          continue
        }
        if (lost) await test.page.evaluate(() => Object(globalThis).model.reload())
        expect(await askModel(test.page, {}), note).toMatchObject({ text: 'Hello from a very small boat.' })
        const after = await books()
        expect(after.idle, note).toBe(true)
        expect(after.ledger?.weights, note).toBe(before.ledger?.weights)
        expect(after.ledger?.staging, note).toBe(before.ledger?.staging)
        if (!lost)
          for (const [name, count] of Object.entries(before.counters ?? {}))
            expect(Number(Reflect.get(after.counters ?? {}, name)), `${note}: ${name}`).toBeGreaterThanOrEqual(count)
        await test.page.evaluate(() => Object(globalThis).events.splice(0))
      }
    })
})

describe('models that come and go', () => {
  it(`leave no Worker and no byte after ${LOADS} loads`, async () => {
    await test.page.evaluate(() => Object(globalThis).model.dispose())
    const blob = `${server.url}/tiny.gguf`
    for (let round = 0; round < LOADS; round += 10) {
      const seen = await test.page.evaluate(
        async ({ blob, count }) => {
          const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
          const file = await (await fetch(blob)).blob()
          const totals: (number | undefined)[] = []
          for (let load = 0; load < count; load++) {
            const model = await core.load(file, { backend: 'sampan' })
            const messages = [{ role: 'user', content: 'Hello' } as const]
            if (load % 5 === 0) await model.chat.completions.create({ messages, max_tokens: 2, temperature: 0 })
            await model.dispose()
            totals.push((await model.ledger())?.total)
          }
          return totals
        },
        { blob, count: Math.min(10, LOADS - round) },
      )
      expect(new Set(seen)).toEqual(new Set([0]))
    }
    await expect.poll(() => test.page.workers().length).toBe(0)
  })
})
