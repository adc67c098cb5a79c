import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepDevices } from '../test-support/live-model.ts'
import { type FilesServer, serveFiles } from '../test-support/serve-files.ts'
import { enterLab, inWorker } from '../test-support/store-page.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'
import { expectRising, type Outcome, type TryOptions, tryLoad } from '../test-support/try-load.ts'

// What is kept may rot: bytes of it are changed where they lie, in a real page.
vi.setConfig({ testTimeout: 180_000 })

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))
let test: TestPage
let server: FilesServer

beforeAll(async () => {
  test = await openTestPage({ workerPrelude: keepDevices, packages: ['idb-keyval'] })
  await enterLab(test.page)
  const folder = [...tinyFolder()].map(([name, content]) => [`/folder/${name}`, content] as const)
  server = await serveFiles(new Map<string, Uint8Array>(folder))
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
beforeEach(async () => {
  await test.page.evaluate(() => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    return core.cache.clear()
  })
  server.files.set('/tiny.gguf', tiny)
  server.forget()
})

function load(path: string, options: TryOptions = {}): Promise<Outcome> {
  return tryLoad(test.page, `${server.url}/${path}`, options)
}

/** Downloads a model and changes one byte of it. */
async function damage(path: string, part: 'weights' | 'text' | 'index' | 'trailer', options: TryOptions) {
  const first = await load(path, { ...options, download: 'allow' })
  expect(first).toMatchObject({ text: expect.any(String) })
  const { info, text } = first
  const sent = server.sent()
  server.forget()
  await inWorker(
    test.page,
    async (lab, part) => {
      const store = await lab.openStore()
      const [model] = await store.list()
      if (!model) throw new Error('nothing is stored')
      const { blob, index } = await store.open(model.id)
      const runs = (index.tensors ?? []).flatMap(({ runs }) => runs)
      const pieces = [...runs, ...(index.pieces ?? [])].toSorted((a, b) => a.bytes - b.bytes)
      const texts = index.texts.toSorted((a, b) => a.bytes - b.bytes)
      const inside = part === 'weights' ? pieces.at(-1) : texts.at(-1)
      const at = part === 'index' ? blob.size - 100 : part === 'trailer' ? blob.size - 30 : inside && inside.offset + 3
      if (at === undefined) throw new Error(`there is no such part: ${part}`)
      await lab.damage(model.id, at)
    },
    part,
  )
  return { info, text, sent }
}

const wounds = [
  ['a weight that was repacked', 'folder/', 'weights', { bits: 4 }],
  ['a weight for the CPU', 'tiny.gguf', 'weights', { backend: 'wllama' }],
  ['a text', 'folder/', 'text', { bits: 4 }],
  ["a GGUF file's header", 'tiny.gguf', 'text', {}],
] as const

describe.each(wounds)('%s that rots', (_, path, part, options) => {
  it('is told as such, and it alone is fetched again', async () => {
    const { info, text, sent } = await damage(path, part, options)
    const refused = await load(path, options)
    expect(refused).toMatchObject({ code: 'download-required', asked: [{ reason: 'damaged', cachedBytes: 0 }] })
    const { bytes = 0 } = refused.asked[0] ?? {}
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(sent)
    server.forget()
    const mended = await load(path, { ...options, download: 'allow' })
    expect(mended).toMatchObject({ text, info, asked: [{ reason: 'damaged', bytes }] })
    expect(mended.told.map(({ phase }) => phase)).toContain('download')
    expectRising(mended.told)
    // Of a file this small the header's block is most of it.
    if (path === 'folder/') expect(server.sent()).toBeLessThan(sent)
    expect(server.requests.length).toBeGreaterThan(0)
    server.forget()
    expect(await load(path, options)).toMatchObject({ text, info, asked: [] })
    expect(server.requests).toEqual([])
  })
})

it.each(['index', 'trailer'] as const)('a model whose %s rots is fetched anew', async (part) => {
  const { text, info } = await damage('tiny.gguf', part, {})
  expect(await load('tiny.gguf')).toMatchObject({ code: 'download-required', asked: [{ reason: 'damaged' }] })
  expect(await load('tiny.gguf', { download: 'allow' })).toMatchObject({ text, info })
  server.forget()
  expect(await load('tiny.gguf')).toMatchObject({ text, asked: [] })
  expect(server.requests).toEqual([])
})

it('a damaged model whose server has another file now is fetched anew, and stays until that is allowed', async () => {
  const { info } = await damage('tiny.gguf', 'weights', {})
  const other = Uint8Array.from(tiny)
  // But for its header, and its last byte, which the ETag is made of.
  other.fill(1, 9024, -1)
  server.files.set('/tiny.gguf', other)
  expect(await load('tiny.gguf')).toMatchObject({ asked: [{ reason: 'damaged' }] })
  expect(await kept()).toEqual(['complete'])
  // That it is another file is found out while the piece is fetched: all of it is asked for by itself.
  const anew = await load('tiny.gguf', { download: 'allow' })
  expect(anew.asked).toMatchObject([{ reason: 'damaged' }, { reason: 'damaged', bytes: other.length }])
  expect(anew.info?.hash).not.toBe(info?.hash)
  expect(await kept()).toEqual(['complete'])
  expect(await load('tiny.gguf')).toMatchObject({ info: { hash: anew.info?.hash }, asked: [] })
})

it('a model that is loaded is not deleted, and outlives its being mended and the loss of its GPU', async () => {
  const { text } = await damage('tiny.gguf', 'weights', { live: true })
  const deleted = await test.page.evaluate(async () => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const [model] = await core.cache.list()
    return core.cache.delete(model?.id ?? '').catch((error: unknown) => Object(error).code)
  })
  expect(deleted).toBe('model-in-use')
  expect(await load('tiny.gguf', { download: 'allow' })).toMatchObject({ text, asked: [{ reason: 'damaged' }] })
  for (const worker of test.page.workers())
    await worker.evaluate('for (const device of devices) device.destroy()').catch(() => 'it has ended')
  const again = await test.page.evaluate(async () => {
    const { model, core }: { model: import('../load/model.ts').Model; core: typeof import('../index.ts') } =
      Object(globalThis)
    await Object(globalThis).recovered
    const messages = [{ role: 'user', content: 'Hello' } as const]
    const { choices } = await model.chat.completions.create({ messages, temperature: 0, max_tokens: 20 })
    await model.dispose()
    const [kept] = await core.cache.list()
    return { text: choices[0]?.message.content, deleted: await core.cache.delete(kept?.id ?? '') }
  })
  expect(again).toEqual({ text, deleted: true })
})

async function kept(): Promise<string[]> {
  return test.page.evaluate(async () => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    return (await core.cache.list()).map(({ state }) => state)
  })
}
