import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LargeModel, serveLargeModel } from '../test-support/serve-large-model.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'

// `performance.measureUserAgentSpecificMemory` counts the heaps and the ArrayBuffers of a page and its Workers, after a
// collection of garbage: what the model keeps from being collected, at moments all through the load. The switch makes each
// measurement begin at once instead of at the next collection.
const LIMIT = 64 << 20
const MIB = 1 << 20

let test: TestPage
let model: LargeModel

beforeAll(async () => {
  test = await openTestPage({ isolated: true, flags: ['--enable-blink-features=ForceEagerMeasureMemory'] })
  model = await serveLargeModel()
}, 180_000)
afterAll(async () => {
  await test?.close()
  await model?.server.close()
})

/** First: a measurement waits long for Workers that have just ended. */
it('sees what a Worker holds', async () => {
  const grown = await test.page.evaluate(async (bytes) => {
    const measure = async (): Promise<number> => (await Object(performance).measureUserAgentSpecificMemory()).bytes
    const script = `
      let held
      onmessage = ({ data }) => {
        held = new Uint8Array(data).fill(1)
        postMessage(held.length)
      }`
    const worker = new Worker(URL.createObjectURL(new Blob([script])))
    const hold = (bytes: number): Promise<unknown> =>
      new Promise((resolve) => {
        worker.onmessage = resolve
        worker.postMessage(bytes)
      })
    await hold(0)
    const idle = await measure()
    await hold(bytes)
    const held = await measure()
    await hold(0)
    return held - idle
  }, LIMIT)
  // The idle page itself may shrink a little meanwhile.
  expect(grown).toBeGreaterThan(0.98 * LIMIT)
}, 120_000)

interface Measurements {
  readonly idle: number
  readonly during: readonly number[]
  readonly loaded: number
  readonly answered: string
}

it('holds little of a large model in JS memory, while it loads and afterwards', async () => {
  const { idle, during, loaded, answered } = await test.page.evaluate(async (url): Promise<Measurements> => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const measure = async (): Promise<number> => (await Object(performance).measureUserAgentSpecificMemory()).bytes
    const idle = await measure()
    const during: number[] = []
    let loading = true
    let started = false
    const sampling = (async () => {
      while (loading) {
        const bytes = await measure()
        if (started && loading) during.push(bytes)
      }
    })()
    const model = await core.load(url, {
      backend: 'sampan',
      onProgress: ({ phase, loaded, total }) => {
        if (phase === 'weights' && loaded > 0) started = true
        if (phase === 'weights' && loaded === total) loading = false
      },
    })
    await sampling
    const loaded = await measure()
    const messages = [{ role: 'user', content: 'abc' } as const]
    const answer = await model.chat.completions.create({ messages, max_tokens: 1, temperature: 0 })
    await model.dispose()
    return { idle, during, loaded, answered: answer.choices[0]?.finish_reason ?? '' }
  }, model.server.url)
  const most = Math.max(...during, loaded) - idle
  const figure = `${(model.bytes / MIB).toFixed()} MiB of weights: at most ${(most / MIB).toFixed(1)} MiB over the idle page (${(idle / MIB).toFixed(1)} MiB) in ${during.length} measurements, ${((loaded - idle) / MIB).toFixed(1)} MiB afterwards`
  console.info(figure)
  expect(model.bytes).toBeGreaterThan(200 * MIB)
  expect(during.length, figure).toBeGreaterThan(2)
  expect(answered).toMatch(/length|stop/)
  expect(most, figure).toBeLessThan(LIMIT)
}, 120_000)
