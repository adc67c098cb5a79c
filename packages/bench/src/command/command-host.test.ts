import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BenchModel } from '../engines/bench-engine.ts'
import { BenchError } from '../errors.ts'
import type { PageCalls } from '../page/page-calls.ts'
import { measureCell } from '../runner/measure-cell.ts'
import { CommandHost } from './command-host.ts'
import type { ConnectOptions, PageConnection } from './page-connection.ts'

type Script = (name: keyof PageCalls, argument: unknown) => unknown

const identity = { version: '1', device: 'gpu', model: { vocabularySize: 1000 }, load: [] }
const fine = (value: unknown) => ({ ok: true, hidden: false, value })
const never = new AbortController().signal

/** What a page says that does as it should: every token takes a millisecond. */
function usual(name: keyof PageCalls, argument: unknown): unknown {
  switch (name) {
    case 'open':
      return fine({ identity, cannot: {} })
    case 'run': {
      const { prompt, generate } = Object(argument)
      const tokenTimes = Array.from({ length: generate }, (_, index) => index + 1)
      return fine({ tokenTimes, promptTokens: prompt.length, reused: prompt.length - 1 })
    }
    default:
      return fine(undefined)
  }
}

class ScriptedPage implements PageConnection {
  readonly lost: Promise<string>
  readonly calls: [keyof PageCalls, unknown][] = []
  closed = 0
  lose: (why: string) => void = () => {}
  readonly #script: Script

  constructor(script: Script) {
    this.#script = script
    this.lost = new Promise((resolve) => {
      this.lose = resolve
    })
  }

  async call(name: keyof PageCalls, argument: unknown): Promise<unknown> {
    this.calls.push([name, argument])
    return this.#script(name, argument)
  }

  async close(): Promise<void> {
    this.closed++
  }
}

interface Scene {
  readonly host: CommandHost
  readonly pages: ScriptedPage[]
  readonly connected: ConnectOptions[]
}

const LIMITS = { open: 60_000, call: 600_000 }

function scene(script: Script = usual): Scene {
  const pages: ScriptedPage[] = []
  const connected: ConnectOptions[] = []
  const place = {
    version: '0.1.0',
    commit: 'abc',
    locate: (source: string) => ({ url: `http://127.0.0.1:1/${source}`, path: `/models/${source}`, hash: 'ff' }),
    connect: async (_: unknown, options: ConnectOptions) => {
      const page = new ScriptedPage(script)
      pages.push(page)
      connected.push(options)
      return page
    },
  }
  return { host: new CommandHost({ builds: new Map([[undefined, place]]), limits: LIMITS }), pages, connected }
}

function open(host: CommandHost, signal = never): Promise<BenchModel> {
  const model = { name: 'small', source: 'small.gguf', contextLength: 100 }
  return host.open({ engine: 'sampan' }, model, { onProgress: () => {}, signal })
}

const silence = new Promise<never>(() => {})

afterEach(() => {
  vi.useRealTimers()
})

describe('a host of pages', () => {
  it('opens each model in a page of its own, at the address that it has there', async () => {
    const { host, pages } = scene()
    const [one, other] = [await open(host), await open(host)]
    expect(pages).toHaveLength(2)
    expect(pages[0]?.calls).toEqual([
      [
        'open',
        {
          ...{ engine: 'sampan', version: '0.1.0', commit: 'abc', keep: false },
          model: { name: 'small', source: 'http://127.0.0.1:1/small.gguf', contextLength: 100 },
        },
      ],
    ])
    expect(one.identity.model).toEqual({ vocabularySize: 1000, hash: 'ff' })
    const sample = await one.run({ prompt: [1, 2], generate: 3, reuse: true, signal: never })
    expect(sample).toEqual({ tokenTimes: [1, 2, 3], promptTokens: 2, reused: 1 })
    expect(await other.counters()).toBeUndefined()
    await one.close()
    expect(pages.map(({ closed }) => closed)).toEqual([1, 0])
  })

  it('passes on why an engine cannot, in the words of whoever named the model', async () => {
    const { host, pages } = scene(() => ({
      ...{ ok: false, hidden: false, code: 'not-available' },
      message: 'http://127.0.0.1:1/small.gguf is none.',
    }))
    await expect(open(host)).rejects.toMatchObject({ code: 'not-available', message: 'small.gguf is none.' })
    expect(pages[0]?.closed).toBe(1)
  })

  it('gives up a page that does not answer', async () => {
    vi.useFakeTimers()
    const { host } = scene((name, argument) => (name === 'run' ? silence : usual(name, argument)))
    const running = (await open(host)).run({ prompt: [1], generate: 1, reuse: false, signal: never })
    const failed = expect(running).rejects.toThrow('The page did not answer within 600 s (run).')
    await vi.advanceTimersByTimeAsync(LIMITS.call)
    await failed
  })

  it('waits for an opening that goes on, and ends its browser when it does not', async () => {
    vi.useFakeTimers()
    const { host, connected, pages } = scene(() => silence)
    const opening = open(host)
    const failed = expect(opening).rejects.toThrow('did not answer within 60 s (open)')
    for (let step = 0; step < 4; step++) {
      await vi.advanceTimersByTimeAsync(LIMITS.open - 1)
      expect(pages[0]?.closed).toBe(0)
      connected[0]?.onProgress(step / 4)
    }
    await vi.advanceTimersByTimeAsync(LIMITS.open)
    await failed
    expect(pages[0]?.closed).toBe(1)
  })

  it('fails the calls of a page that is lost', async () => {
    const { host, pages } = scene((name, argument) => (name === 'run' ? silence : usual(name, argument)))
    const model = await open(host)
    const running = model.run({ prompt: [1], generate: 1, reuse: false, signal: never })
    pages[0]?.lose('The page crashed.')
    await expect(running).rejects.toThrow('The page crashed.')
  })

  it('ends at once on an abort, and tells the page', async () => {
    const { host, pages } = scene((name, argument) => (name === 'run' ? silence : usual(name, argument)))
    const controller = new AbortController()
    const model = await open(host)
    const running = model.run({ prompt: [1], generate: 1, reuse: false, signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    expect(pages[0]?.calls.at(-1)).toEqual(['abort', undefined])
  })

  it.each([
    ['no answer', 'text'],
    ['times that are none', { ok: true, hidden: false, value: { tokenTimes: ['soon'], promptTokens: 1 } }],
    ['times without end', { ok: true, hidden: false, value: { tokenTimes: [Infinity], promptTokens: 1 } }],
    ['no sample', { ok: true, hidden: false, value: undefined }],
  ])('does not believe a page that says %s', async (_, answer) => {
    const { host } = scene((name, argument) => (name === 'run' ? answer : usual(name, argument)))
    const running = (await open(host)).run({ prompt: [1], generate: 1, reuse: false, signal: never })
    await expect(running).rejects.toBeInstanceOf(BenchError)
    await expect(running).rejects.toMatchObject({ code: 'engine-misbehaved' })
  })

  it('knows that a page was hidden', async () => {
    const { host } = scene((name, argument) => ({ ...Object(usual(name, argument)), hidden: name === 'run' }))
    const model = await open(host)
    expect(host.isHidden()).toBe(false)
    await model.run({ prompt: [1], generate: 1, reuse: false, signal: never })
    expect(host.isHidden()).toBe(true)
    await model.counters()
    expect(host.isHidden()).toBe(false)
  })

  it('loses one cell to a page that crashes, and no more', async () => {
    let runs = 0
    const { host, pages } = scene((name, argument) => {
      if (name !== 'run' || runs++ !== 4) return usual(name, argument)
      pages.at(-1)?.lose('The page crashed.')
      return silence
    })
    const cell = {
      test: { kind: 'decode', tokens: 4 },
      depth: 0,
      sides: [{ engine: 'sampan', model: { name: 'small', source: 'small.gguf' } }],
      ...{ seed: 1, leastSamples: 6, mostSamples: 6, leastMs: 0 },
    } as const
    const [lost] = await measureCell(host, cell, never)
    expect(lost).toMatchObject({ status: 'failed', reason: 'The page crashed.', samples: { length: 3 } })
    const [next] = await measureCell(host, cell, never)
    expect(next).toMatchObject({ status: 'measured', samples: { length: 6 } })
    expect(pages.map(({ closed }) => closed)).toEqual([1, 1])
  })
})
