import { afterAll, beforeAll, expect, it } from 'vitest'
import { LARGE_VOCABULARY } from '../test-support/large-tokenizer.ts'
import { smallLlama } from '../test-support/llama-folder.ts'
import { type LargeModel, serveLargeModel } from '../test-support/serve-large-model.ts'
import type { SpeedLab } from '../test-support/speed-lab.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { WorkerTimes } from '../test-support/worker-times.ts'

// How fast a model is downloaded and loaded again: nothing is said about time but with SAMPAN_SOAK, and then it is printed only.
const soak = process.env['SAMPAN_SOAK'] !== undefined
const MB = 1e6
/** Of Qwen2.5-0.5B: 988 MB. */
const halfBillion = { layers: 24, hidden: 896, heads: 14, keyValueHeads: 2, headSize: 64, intermediate: 4864 }
const shape = soak ? { ...halfBillion, vocabulary: LARGE_VOCABULARY } : { ...smallLlama, layers: 1 }
const rounds = soak ? 3 : 1

let test: TestPage
let model: LargeModel

beforeAll(async () => {
  test = await openTestPage({ profile: true })
  await test.page.evaluate(
    "import('/src/test-support/speed-lab.ts').then(({ speedLab }) => void Object.assign(globalThis, { speedLab }))",
  )
  model = await serveLargeModel(shape)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await model?.server.close()
})

function say(line: string): void {
  if (soak) console.log(line)
}

it('keeps up with a fast line, and checks all that it loads again', async () => {
  const times = new WorkerTimes()
  const seconds = await test.page.evaluate(async (url) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const began = performance.now()
    await core.cache.download(url, { backend: 'sampan' })
    return (performance.now() - began) / 1000
  }, model.server.url)
  const workers = times.stop().slice(0, 3)
  const loads = await test.page.evaluate(
    async ({ url, rounds }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const loads: number[] = []
      for (let round = 0; round < rounds; round++) {
        const began = performance.now()
        const model = await core.load(url, { backend: 'sampan', download: () => false })
        loads.push(performance.now() - began)
        await model.dispose()
      }
      return loads
    },
    { url: model.server.url, rounds },
  )
  const checked = await test.page.evaluate(async (rounds): ReturnType<SpeedLab['check']> => {
    const { core, speedLab }: { core: typeof import('../index.ts'); speedLab: SpeedLab } = Object(globalThis)
    const [kept] = await core.cache.list()
    return speedLab.check(await core.cache.export(kept?.id ?? ''), rounds)
  }, rounds)
  expect(checked.bad).toBe(0)
  expect(checked.bytes).toBeGreaterThan(model.bytes / 8)
  const load = Math.min(...loads)
  const share = (whole: number): string => `${((100 * checked.crc) / whole).toFixed(1)} %`
  const mb = model.bytes / MB
  say(
    `downloaded, hashed, packed and stored: ${mb.toFixed()} MB in ${seconds.toFixed(1)} s, ${(mb / seconds).toFixed()} MB/s`,
  )
  say(`MB for each second that a Worker computes: ${workers.map((worker) => (mb / worker).toFixed()).join(', ')}`)
  say(`loaded again in ${load.toFixed()} ms (${loads.map((ms) => ms.toFixed()).join(', ')})`)
  say(`CRC-32C of its ${(checked.bytes / MB).toFixed()} MB: ${checked.crc.toFixed()} ms, ${share(load)} of that`)
  say(
    `to read it and check it, nothing else: ${(checked.read + checked.crc).toFixed()} ms, the CRC ${share(checked.read + checked.crc)}`,
  )
}, 600_000)
