import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LargeModel, serveLargeModel } from '../test-support/serve-large-model.ts'
import { importCore, openTestPage, type TestPage } from '../test-support/test-page.ts'

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
}

it('holds little of a large model in JS memory, while it is downloaded, while it loads and afterwards', async () => {
  const download = await test.page.evaluate(async (url): Promise<Measurements> => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const measure = async (): Promise<number> => (await Object(performance).measureUserAgentSpecificMemory()).bytes
    const idle = await measure()
    const during: number[] = []
    const work = { goesOn: false, isDone: false }
    const sample = async (): Promise<void> => {
      while (!work.isDone) {
        const bytes = await measure()
        if (work.goesOn && !work.isDone) during.push(bytes)
      }
    }
    sample()
    const onProgress = ({ phase, loaded }: { phase: string; loaded: number }): void => {
      work.goesOn ||= phase === 'download' && loaded > 0
    }
    await core.cache.download(url, { backend: 'sampan', onProgress })
    work.isDone = true
    return { idle, during }
  }, model.server.url)
  // What still measures there would wait for the Workers that have ended.
  await test.page.reload()
  await importCore(test.page)
  const load = await test.page.evaluate(async (url): Promise<Measurements & { loaded: number; answered: string }> => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const measure = async (): Promise<number> => (await Object(performance).measureUserAgentSpecificMemory()).bytes
    const idle = await measure()
    const during: number[] = []
    const work = { goesOn: false, isDone: false }
    const sampling = (async () => {
      while (!work.isDone) {
        const bytes = await measure()
        if (work.goesOn) during.push(bytes)
      }
    })()
    const onProgress = ({ phase, loaded }: { phase: string; loaded: number }): void => {
      work.goesOn ||= phase === 'weights' && loaded > 0
    }
    const model = await core.load(url, { backend: 'sampan', download: () => false, onProgress })
    work.isDone = true
    await sampling
    const loaded = await measure()
    const messages = [{ role: 'user', content: 'abc' } as const]
    const answer = await model.chat.completions.create({ messages, max_tokens: 1, temperature: 0 })
    await model.dispose()
    return { idle, during, loaded, answered: answer.choices[0]?.finish_reason ?? '' }
  }, model.server.url)
  const most = ({ idle, during }: Measurements): number => (Math.max(...during) - idle) / MIB
  const after = (load.loaded - load.idle) / MIB
  const figure = `${(model.bytes / MIB).toFixed()} MiB of weights, over the idle page (${(load.idle / MIB).toFixed(1)} MiB): at most ${most(download).toFixed(1)} MiB in ${download.during.length} measurements while they are downloaded, ${most(load).toFixed(1)} MiB in ${load.during.length} while they load from the store, ${after.toFixed(1)} MiB afterwards`
  console.info(figure)
  expect(model.bytes).toBeGreaterThan(200 * MIB)
  expect(download.during.length, figure).toBeGreaterThan(2)
  expect(load.during.length, figure).toBeGreaterThan(0)
  expect(load.answered).toMatch(/length|stop/)
  expect(Math.max(most(download), most(load), after) * MIB, figure).toBeLessThan(LIMIT)
}, 120_000)
