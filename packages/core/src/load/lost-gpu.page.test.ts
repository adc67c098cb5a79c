import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Answer, askModel } from '../test-support/ask-model.ts'
import {
  chunksCame,
  closeWorkers,
  crashFlags,
  destroyDevices,
  keepDevices,
  loadLive,
  takeEvents,
} from '../test-support/live-model.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import type { Model } from './model.ts'

// The GPU is taken away, in a real page, in the ways it happens to users.
const KILLS = process.env['SAMPAN_SOAK'] ? 50 : 10

vi.setConfig({ testTimeout: 60_000 + KILLS * 30_000 })

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))
const song = { messages: [{ role: 'user', content: 'Sing' } as const], max_tokens: 480 }
const again = ['device-lost, recovering', 'recovered']

let test: TestPage
let server: TestServer
let isServed = true
let whole: Answer

beforeAll(async () => {
  test = await openTestPage({ flags: crashFlags, workerPrelude: keepDevices })
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    if (isServed) sendRange(request, response, tiny)
    else response.writeHead(404).end()
  })
  // From the server each time, which may be gone by then.
  await loadLive(test.page, `${server.url}/tiny.gguf`, false)
  whole = await askModel(test.page, song)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

const figures = (): Promise<{ submits: number; total: number }> =>
  test.page.evaluate(async () => {
    const { model }: { model: Model } = Object(globalThis)
    const [counters, ledger] = await Promise.all([model.counters(), model.ledger()])
    return { submits: counters?.submits ?? 0, total: ledger?.total ?? 0 }
  })

describe('a GPU that is lost in the middle of an answer', () => {
  it.each([
    ['since the GPU process was killed', () => test.crashGpu()],
    ['by device.destroy()', () => destroyDevices(test.page)],
  ])('%s, is told, and the answer goes on to the same end', async (_, lose) => {
    const before = await figures()
    const answering = askModel(test.page, song)
    await chunksCame(test.page, 5)
    await lose()
    const answer = await answering
    expect(answer).toMatchObject({ text: whole.text, finish: 'length', usage: { completion_tokens: 480 } })
    expect(await takeEvents(test.page)).toEqual(again)
    const after = await figures()
    expect(after.submits).toBeGreaterThan(before.submits + 480)
    expect(after.total).toBe(before.total)
  })

  it('goes on where chance was, by the same seed', async () => {
    const drawn = { ...song, temperature: 1.5, seed: 7, cache_prompt: false }
    const { text } = await askModel(test.page, drawn)
    expect(text).not.toBe(whole.text)
    const answering = askModel(test.page, drawn)
    await chunksCame(test.page, 3)
    await destroyDevices(test.page)
    expect(await answering).toMatchObject({ text, error: undefined })
    expect(await takeEvents(test.page)).toEqual(again)
  })

  it('goes on with a stream that nobody reads, and with the requests behind it, in order', async () => {
    const seen = test.page.evaluate(async () => {
      const { model }: { model: Model } = Object(globalThis)
      const ask = (content: string, tokens: number) => ({
        ...{ messages: [{ role: 'user', content } as const], temperature: 0, max_tokens: tokens },
      })
      const stream = await model.chat.completions.create({ ...ask('Sing', 480), stream: true })
      const later = Promise.all([
        model.chat.completions.create(ask('Hello', 20)),
        model.chat.completions.create(ask('Thanks', 20)),
      ])
      Object.assign(globalThis, { chunks: 1000 })
      await new Promise((resolve) => setTimeout(resolve, 100))
      const answers = await later
      let text = ''
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
      return [text, ...answers.map(({ choices }) => choices[0]?.message.content)]
    })
    await chunksCame(test.page, 1000)
    await destroyDevices(test.page)
    expect(await seen).toEqual([whole.text, 'Hello from a very small boat.', 'Fair winds!'])
    expect(await takeEvents(test.page)).toEqual(again)
  })
})

describe('a model whose GPU is taken away for good', () => {
  it('fails what waits with a typed error, and reload() brings it back when there is one', async () => {
    for (const worker of test.page.workers())
      await worker.evaluate("GPU.prototype.requestAdapter = async () => { throw new TypeError('none') }")
    // Long enough not to be over before the GPU is.
    const songs = 6
    const answering = askModel(test.page, { ...song, n: songs })
    await chunksCame(test.page, 3)
    await destroyDevices(test.page)
    const lost = { code: 'device-lost', details: { reason: 'not-recovered' } }
    const answer = await answering
    expect(answer).toMatchObject({ error: lost })
    expect(whole.text.repeat(songs).startsWith(answer.text)).toBe(true)
    expect(await askModel(test.page, {})).toMatchObject({ text: '', error: lost })
    expect(await takeEvents(test.page)).toEqual(['device-lost, recovering', 'device-lost'])
    expect((await figures()).total).toBe(0)
    const reload = (): Promise<string> =>
      test.page.evaluate(() =>
        Object(globalThis)
          .model.reload()
          .then(() => 'loaded')
          .catch((error: unknown) => Object(error).code),
      )
    isServed = false
    const code = await reload()
    expect(code).toBe('source-not-found')
    expect(await askModel(test.page, {})).toMatchObject({ error: { code } })
    isServed = true
    expect(await reload()).toBe('loaded')
    expect(await askModel(test.page, song)).toMatchObject({ text: whole.text })
  })
})

describe('a model that is killed again and again', () => {
  it(`answers the same after ${KILLS} kills of device, GPU process and Worker`, async () => {
    const kills = [
      () => destroyDevices(test.page),
      () => closeWorkers(test.page),
      () => test.crashGpu(),
      () => destroyDevices(test.page),
      () => closeWorkers(test.page),
    ]
    const short = { ...song, max_tokens: 150 }
    const { text } = await askModel(test.page, short)
    for (let round = 0; round < KILLS; round++) {
      const answering = askModel(test.page, short)
      await chunksCame(test.page, 1 + (round % 7))
      await kills[round % kills.length]?.()
      const answer = await answering
      const events = await takeEvents(test.page)
      const note = `${round}: ${events.join()}`
      if (events[0] === 'worker-failed') {
        // A Worker that has died does not come back by itself.
        expect(answer.error?.code ?? 'worker-failed', note).toBe('worker-failed')
        expect(events.length, note).toBe(1)
        await test.page.evaluate(() => Object(globalThis).model.reload())
      } else {
        expect(answer.text, note).toBe(text)
        expect(events, note).toEqual(again)
      }
    }
    expect(await askModel(test.page, short)).toMatchObject({ text })
    await expect.poll(() => test.page.workers().length).toBe(1)
    const ledger = await test.page.evaluate(async () => {
      const { model }: { model: Model } = Object(globalThis)
      await model.dispose()
      return model.ledger()
    })
    expect(ledger?.total).toBe(0)
    await expect.poll(() => test.page.workers().length).toBe(0)
  })
})
