import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crashFlags } from '../test-support/live-model.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'

// Pocket and the adapter that was trained for it, in a page, and one that is for another model.
const root = new URL('../../../../', import.meta.url)
const folders: Readonly<Record<string, string>> = {
  pocket: 'packages/pocket/',
  sailor: 'packages/pocket/adapters/sailor/',
  stranger: 'test/golden/adapter-data/every-matrix/',
}
let test: TestPage
let server: TestServer
let requests: string[] = []
/** Of files, as ranges asked for them. */
let sent: { readonly path: string; readonly bytes: number }[] = []

interface Globals {
  readonly core: typeof import('../index.ts')
  model: import('../load/model.ts').Model
}

interface Seen {
  readonly text: string
  readonly adapters: readonly import('./adapter-types.ts').UsedAdapter[] | undefined
  readonly hash: string | undefined
}

beforeAll(async () => {
  test = await openTestPage({ flags: crashFlags })
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    const [, folder = '', file = ''] = new URL(request.url ?? '/', 'http://x').pathname.split('/')
    const path = folders[folder]
    requests.push(`${folder}/${file}`)
    try {
      const content = readFileSync(new URL(`${path}${file}`, root))
      const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
      const bytes = first === undefined ? content.length : Math.min(Number(last) + 1, content.length) - Number(first)
      sent.push({ path: `${folder}/${file}`, bytes })
      sendRange(request, response, content)
    } catch {
      response.writeHead(404).end()
    }
  })
}, 60_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

const weightsOf = (folder: string): Buffer => readFileSync(new URL(`${folders[folder]}adapter_model.safetensors`, root))
const sailorBytes =
  weightsOf('sailor').length + readFileSync(new URL(`${folders['sailor']}adapter_config.json`, root)).length
const weightBytes = (folder: string): number =>
  sent.filter(({ path }) => path === `${folder}/adapter_model.safetensors`).reduce((sum, { bytes }) => sum + bytes, 0)

/** What the model of the page answers. */
function ask(question: string): Promise<Seen> {
  return test.page.evaluate(async (content) => {
    const { model }: Globals = Object(globalThis)
    const request = { messages: [{ role: 'user', content } as const], temperature: 0, max_tokens: 24 }
    const { choices } = await model.chat.completions.create(request)
    return { text: choices[0]?.message.content ?? '', adapters: model.info.adapters, hash: model.info.hash }
  }, question)
}

function load(adapters: readonly string[], options: object = {}): Promise<void> {
  return test.page.evaluate(
    async ({ url, adapters, options }) => {
      const globals: Globals = Object(globalThis)
      await globals.model?.dispose()
      const sources = adapters.map((name) => `${url}/${name}`)
      globals.model = await globals.core.load(`${url}/pocket/pocket.gguf`, {
        backend: 'sampan',
        adapters: sources,
        ...options,
      })
    },
    { url: server.url, adapters, options },
  )
}

/** Undefined where it worked. */
function setAdapters(list: readonly (readonly [name: string, scale: number])[]): Promise<string | undefined> {
  return test.page.evaluate(
    async ({ url, list }) => {
      const { core, model }: Globals = Object(globalThis)
      const sources = list.map(([name, scale]) => ({ source: `${url}/${name}`, scale }))
      const error: unknown = await model.setAdapters(sources).catch((error: unknown) => error)
      return core.SampanError.isInstance(error) ? error.code : undefined
    },
    { url: server.url, list },
  )
}

describe('adapters of a model', { timeout: 180_000 }, () => {
  it('change its answers, are told of, and give it back as it was', async () => {
    await load(['sailor'])
    const english = await ask('hello')
    expect(english.text).toMatch(/^Ahoy, captain! /)
    expect((await ask('你是谁')).text).toMatch(/^遵命，船长！/)
    expect(english.adapters).toEqual([
      { name: `${server.url}/sailor`, scale: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])

    requests = []
    await setAdapters([])
    const plain = await ask('hello')
    expect(plain.text).not.toContain('Ahoy')
    expect(plain).toMatchObject({ adapters: undefined, hash: expect.stringMatching(/^sampan-model-1:[0-9a-f]{64}$/) })
    expect(plain.hash).not.toBe(english.hash)
    await setAdapters([['sailor', 1]])
    expect(await ask('hello')).toEqual(english)
    await setAdapters([['sailor', 0.25]])
    expect((await ask('hello')).hash).not.toBe(english.hash)
    // Kept on this device: nobody was asked for it again.
    expect(requests).toEqual([])
  })

  it('stay as they are when one does not fit', async () => {
    await setAdapters([['sailor', 1]])
    sent = []
    expect(await setAdapters([['stranger', 1]])).toBe('adapter-mismatch')
    // By its header: nobody pays for one that does not fit.
    expect(weightBytes('stranger')).toBeLessThan(weightsOf('stranger').length)
    expect(await setAdapters([['nowhere', 1]])).toBe('source-not-found')
    expect(await setAdapters([['sailor', Number.NaN]])).toBe('option-invalid')
    expect((await ask('hello')).text).toMatch(/^Ahoy/)
  })

  it('wait for the end of an answer, also of one that nobody reads', async () => {
    await setAdapters([])
    const seen = await test.page.evaluate(async (url) => {
      const { model }: Globals = Object(globalThis)
      const messages = [{ role: 'user', content: 'what can you do' } as const]
      const stream = await model.chat.completions.create({ messages, temperature: 0, stream: true })
      const { hash } = model.info
      await model.setAdapters([`${url}/sailor`])
      let text = ''
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
      return { text, changed: hash !== model.info.hash }
    }, server.url)
    expect(seen.text.length).toBeGreaterThan(40)
    expect(seen).toMatchObject({ text: expect.not.stringContaining('Ahoy'), changed: true })
    expect((await ask('hello')).text).toMatch(/^Ahoy/)
  })

  it('are there again after a reload, and when the GPU was lost', async () => {
    await setAdapters([['sailor', 1]])
    await test.page.evaluate(() => Object(globalThis).model.reload())
    expect((await ask('hello')).text).toMatch(/^Ahoy/)
    await test.crashGpu()
    expect((await ask('thanks')).text).toMatch(/^Ahoy/)
    // While it is made again, also other adapters wait for it.
    await test.crashGpu()
    expect(await setAdapters([])).toBeUndefined()
    expect((await ask('thanks')).text).not.toContain('Ahoy')
  })

  it('need consent like any download, and what is kept needs none', async () => {
    const outcome = await test.page.evaluate(async (url) => {
      const { core, model }: Globals = Object(globalThis)
      await caches.delete('sampan-adapters-1')
      const code = async (options: object): Promise<unknown> => {
        const error: unknown = await core
          .load(`${url}/pocket/pocket.gguf`, { backend: 'sampan', adapters: [`${url}/sailor`], ...options })
          .then(
            (loaded) => loaded.dispose(),
            (error: unknown) => error,
          )
        return core.SampanError.isInstance(error) ? [error.code, error.details['source']] : 'loaded'
      }
      await model.dispose()
      const asked: string[] = []
      const download = ({ source }: { readonly source: string }): boolean => asked.push(source) > 0
      const outcomes = [
        await code({ download: undefined }),
        await code({ download }),
        await code({ download: undefined }),
      ]
      return { outcomes, asked }
    }, server.url)
    expect(outcome).toEqual({
      outcomes: [['download-required', `${server.url}/sailor`], 'loaded', 'loaded'],
      asked: [`${server.url}/sailor`],
    })
  })

  it('need consent after their model, whose bytes are told first', async () => {
    const outcome = await test.page.evaluate(async (url) => {
      const { core }: Globals = Object(globalThis)
      await caches.delete('sampan-adapters-1')
      await core.cache.clear()
      const asked: string[] = []
      const load = async (allowed: number): Promise<unknown> => {
        const download = ({ source }: { readonly source: string }): boolean => asked.push(source) <= allowed
        const options = { backend: 'sampan', adapters: [`${url}/sailor`], download } as const
        const error: unknown = await core.load(`${url}/pocket/pocket.gguf`, options).then(
          (loaded) => loaded.dispose(),
          (error: unknown) => error,
        )
        return core.SampanError.isInstance(error) ? [error.code, error.details['source']] : 'loaded'
      }
      const outcomes = [await load(0)]
      asked.length = 0
      outcomes.push(await load(1))
      const left = [...asked]
      asked.length = 0
      return { outcomes: [...outcomes, await load(2)], left, asked, models: (await core.cache.list()).length }
    }, server.url)
    const [pocket, sailor] = [`${server.url}/pocket/pocket.gguf`, `${server.url}/sailor`]
    expect(outcome).toMatchObject({
      outcomes: [['download-required', pocket], ['download-required', sailor], 'loaded'],
      left: [pocket, sailor],
      asked: [pocket, sailor],
    })
  })

  it('that are for another model are refused before anybody is asked, and before the weights come', async () => {
    sent = []
    const outcome = await test.page.evaluate(async (url) => {
      const { core }: Globals = Object(globalThis)
      await core.cache.clear()
      const asked: string[] = []
      const base = `${url}/pocket/pocket.gguf`
      const load = async (source: string | File, ...adapters: string[]): Promise<unknown> => {
        const download = ({ source }: { readonly source: string }): boolean => asked.push(source) > 0
        const options = { backend: 'sampan', adapters: adapters.map((name) => `${url}/${name}`), download } as const
        const error: unknown = await core.load(source, options).then(
          (loaded) => loaded.dispose(),
          (error: unknown) => error,
        )
        return core.SampanError.isInstance(error) ? [error.code, error.details['adapter']] : 'loaded'
      }
      const absent = await load(base, 'stranger')
      const second = await load(base, 'sailor', 'stranger')
      const askedBefore = [...asked]
      await core.cache.download(base, { backend: 'sampan' })
      const kept = await load(base, 'stranger')
      const file = new File([await (await fetch(base)).blob()], 'pocket.gguf')
      return { absent, second, askedBefore, kept, local: await load(file, 'stranger'), asked }
    }, server.url)
    const refused = ['adapter-mismatch', `${server.url}/stranger`]
    expect(outcome).toEqual({
      absent: refused,
      second: refused,
      askedBefore: [],
      kept: refused,
      local: refused,
      asked: [],
    })
    // Four times its header are less than all of it once.
    expect(weightBytes('stranger')).toBeLessThan(weightsOf('stranger').length)
  })

  it('are in the verdict: what they cost, and whether they fit', async () => {
    const outcome = await test.page.evaluate(async (url) => {
      const { core }: Globals = Object(globalThis)
      await core.cache.clear()
      const judge = (adapters: readonly string[]): Promise<import('../can-run/can-run-types.ts').Verdict> =>
        core.canRun(`${url}/pocket/pocket.gguf`, {
          ...{ backend: 'sampan', alternatives: false, adapters: adapters.map((name) => `${url}/${name}`) },
        })
      const [plain, sailor, stranger, nowhere] = [
        await judge([]),
        await judge(['sailor']),
        await judge(['stranger']),
        await judge(['nowhere']),
      ]
      const options = { backend: 'sampan', adapters: [`${url}/sailor`], download: 'allow' } as const
      const model = await core.load(`${url}/pocket/pocket.gguf`, options)
      const held = (await model.ledger())?.total ?? 0
      await model.dispose()
      return { plain, sailor, stranger, nowhere, held, kept: await judge(['sailor']) }
    }, server.url)
    const { plain, sailor, kept, held } = outcome
    const codes = (verdict: typeof plain): string[] => verdict.reasons.map(({ code }) => code)
    expect((sailor.downloadBytes ?? 0) - (plain.downloadBytes ?? 0)).toBe(sailorBytes)
    expect(sailor.gpuBytes).toBeGreaterThan(plain.gpuBytes ?? 0)
    expect(Math.abs((sailor.gpuBytes ?? 0) - held) / held).toBeLessThan(0.02)
    expect(outcome.stranger).toMatchObject({ ok: false })
    expect(codes(outcome.stranger)[0]).toBe('adapter-mismatch')
    expect(codes(outcome.nowhere)[0]).toBe('not-found')
    expect(codes(sailor)).toContain('download-needed')
    expect(kept).toMatchObject({ ok: true, downloadBytes: 0, gpuBytes: sailor.gpuBytes })
    expect(kept.cachedBytes).toBeGreaterThan(sailorBytes)
    expect(codes(kept)).not.toContain('download-needed')
    requests = []
    await load(['sailor'])
    expect((await ask('hello')).text).toMatch(/^Ahoy/)
    expect(requests).toEqual([])
  })

  it('are part of the progress, and of what is kept', async () => {
    const outcome = await test.page.evaluate(async (url) => {
      const { core, model: before }: Globals = Object(globalThis)
      await before.dispose()
      await core.cache.clear()
      const seen: { readonly loaded: number; readonly total: number; readonly fraction: number }[] = []
      const onProgress = (progress: import('../load/load-types.ts').LoadProgress): void => {
        if (progress.phase === 'download') seen.push(progress)
      }
      const options = { backend: 'sampan', adapters: [`${url}/sailor`], download: 'allow', onProgress } as const
      const model = await core.load(`${url}/pocket/pocket.gguf`, options)
      await model.dispose()
      const list = await core.cache.list()
      const { used } = await core.cache.usage()
      const deleted = await core.cache.delete(`${url}/sailor`)
      const left = await core.cache.list()
      return { seen, list, used, deleted, left: left.length, again: await core.cache.delete(`${url}/sailor`) }
    }, server.url)
    const total = readFileSync(new URL(`${folders['pocket']}pocket.gguf`, root)).length + sailorBytes
    expect(outcome.seen.map(({ total }) => total)).toEqual(outcome.seen.map(() => total))
    expect(outcome.seen.at(0)?.loaded).toBeLessThanOrEqual(sailorBytes)
    expect(outcome.seen.at(-1)).toMatchObject({ loaded: total })
    expect(outcome.seen).toEqual([...outcome.seen].sort((a, b) => a.loaded - b.loaded || a.fraction - b.fraction))
    const [pocket, sailor] = outcome.list
    expect(sailor).toMatchObject({
      ...{ name: `${server.url}/sailor`, form: { kind: 'adapter', base: 'pocket' }, state: 'complete' },
      ...{ bytes: sailorBytes, changed: expect.stringMatching(/^20\d\d-/) },
    })
    expect(outcome.used).toBeGreaterThanOrEqual((pocket?.bytes ?? 0) + sailorBytes)
    expect([outcome.list.length, outcome.deleted, outcome.left, outcome.again]).toEqual([2, true, 1, false])
  })

  it('that were changed on this device are fetched again', async () => {
    await load(['sailor'])
    const changed = await test.page.evaluate(async () => {
      const cache = await caches.open('sampan-adapters-1')
      for (const request of await cache.keys()) {
        if (!request.url.endsWith('/weights')) continue
        const bytes = new Uint8Array((await (await cache.match(request))?.arrayBuffer()) ?? [])
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
        await cache.put(request, new Response(bytes))
      }
      return (await cache.keys()).length
    })
    expect(changed).toBe(2)
    await setAdapters([])
    requests = []
    await setAdapters([['sailor', 1]])
    expect(requests).toContain('sailor/adapter_model.safetensors')
    expect((await ask('hello')).text).toMatch(/^Ahoy/)
    // And what is no description is as good as nothing.
    await test.page.evaluate(async () => {
      const cache = await caches.open('sampan-adapters-1')
      for (const request of await cache.keys())
        if (request.url.endsWith('/about')) await cache.put(request, Response.json({ name: 1 }))
    })
    await setAdapters([])
    requests = []
    await setAdapters([['sailor', 1]])
    expect(requests).toContain('sailor/adapter_model.safetensors')
  })

  it('are those of the last of several calls, also when an earlier one takes longer', async () => {
    const seen = await test.page.evaluate(async (url) => {
      const { model }: Globals = Object(globalThis)
      await model.setAdapters([])
      await caches.delete('sampan-adapters-1')
      // The first has to be fetched.
      await Promise.all([model.setAdapters([`${url}/sailor`]), model.setAdapters([])])
      const stop = new AbortController()
      const stopped = model.setAdapters([`${url}/sailor`], { signal: stop.signal }).catch((error: unknown) => error)
      stop.abort('enough')
      return { stopped: await stopped, adapters: model.info.adapters }
    }, server.url)
    expect(seen).toEqual({ stopped: 'enough', adapters: undefined })
    expect((await ask('hello')).text).not.toContain('Ahoy')
  })

  it('are refused where a model cannot have them, and are not fetched for that', async () => {
    await test.page.evaluate(() => caches.delete('sampan-adapters-1'))
    requests = []
    const codes = await test.page.evaluate(async (url) => {
      const { core }: Globals = Object(globalThis)
      const server = { url: `${url}/v1`, model: 'any' }
      const calls = [
        core.load(`${url}/pocket/pocket.gguf`, { backend: 'wllama', adapters: [`${url}/sailor`] }),
        core.canRun(`${url}/pocket/pocket.gguf`, { backend: 'wllama', adapters: [`${url}/sailor`] }),
        core.canRun('mlc:any', { adapters: [`${url}/sailor`] }),
        core.load({ server }, { consent: { [new URL(url).origin]: {} }, adapters: [`${url}/sailor`] }),
        core.load(`${url}/pocket/pocket.gguf`, Object({ adapters: 'sailor' })),
        core.load(`${url}/pocket/pocket.gguf`, Object({ adapters: [undefined] })),
        core.load(`${url}/pocket/pocket.gguf`, Object({ adapters: [{ source: `${url}/sailor`, scale: 1e38 }] })),
      ]
      const outcomes = await Promise.allSettled(calls)
      return outcomes.map((outcome) => (outcome.status === 'rejected' ? Object(outcome.reason).code : 'loaded'))
    }, server.url)
    expect(codes).toEqual(codes.map(() => 'option-invalid'))
    expect(requests.filter((path) => path.startsWith('sailor'))).toEqual([])
  })
})
