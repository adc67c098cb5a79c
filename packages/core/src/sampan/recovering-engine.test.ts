import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Counters, RecoveryEvent, TokenConstraint, TokenGenerateOptions } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { RecoveringEngine } from './recovering-engine.ts'
import { type GpuEngine, MOST_RECOVERIES, RECOVERY_WINDOW_MS, RETRY_WAITS_MS } from './recovery-attempts.ts'

const zero: Counters = {
  ...{ dispatches: 0, submits: 0, bindGroups: 0, buffers: 0 },
  ...{ bufferWrites: 0, pipelines: 0, readbacks: 0, readbackBytes: 0 },
}
const nothing = { weights: 0, keyValue: 0, activations: 0, state: 0, staging: 0, total: 0 }
const gone = (): SampanError => new SampanError('device-lost', 'The GPU is gone.')
const noAdapter = (): SampanError => new SampanError('webgpu-unavailable', 'No adapter.', { reason: 'no-adapter' })

/** Counts on from the prompt's last token, and dies when it is told to, as an engine does: with or without saying why at once. */
class CountingEngine implements GpuEngine {
  readonly contextLength = 1000
  readonly tokenBytes = { weights: 1, keyValue: 1 }
  readonly adapter = { vendor: 'test', architecture: '', description: '', software: true, features: [] }
  readonly asked: { readonly prompt: readonly number[]; readonly options: TokenGenerateOptions }[] = []
  #die: (error: Error) => void = () => {}
  readonly lost = new Promise<Error>((resolve) => {
    this.#die = resolve
  })
  #failure: Error | undefined
  disposed = 0
  steps = 0
  /** What calls fail with once it is dead. */
  symptom: (loss: Error) => Error = (loss) => loss

  die(loss: Error = gone()): void {
    this.#failure = this.symptom(loss)
    this.#die(loss)
  }

  async *generate(prompt: readonly number[], options: TokenGenerateOptions): AsyncGenerator<number, void, undefined> {
    this.asked.push({ prompt, options })
    options.onCached?.(this.asked.length)
    let token = prompt.at(-1) ?? 0
    for (let count = 0; count < options.maxTokens; count++) {
      await Promise.resolve()
      options.signal.throwIfAborted()
      if (this.disposed > 0) throw new SampanError('engine-disposed', 'Disposed of.')
      if (this.#failure) throw this.#failure
      token++
      this.steps++
      options.constraint?.accept(token)
      yield token
      if (options.stopTokens.includes(token)) return
    }
    if (this.#failure) throw this.#failure
  }

  counters(): Counters {
    return { ...zero, submits: this.steps }
  }

  ledger(): typeof nothing {
    return this.disposed > 0 ? nothing : { ...nothing, weights: 7, total: 7 }
  }

  async dispose(): Promise<void> {
    this.disposed++
  }
}

interface Recovering {
  readonly engine: RecoveringEngine
  readonly made: CountingEngine[]
  readonly events: string[]
}

/** @param make what comes of each try to make another */
function recovering(make: (engine: CountingEngine, signal: AbortSignal) => Promise<void> = async () => {}): Recovering {
  const made = [new CountingEngine()]
  const events: string[] = []
  const [first] = made
  if (!first) throw new Error('unreachable')
  const engine = new RecoveringEngine(
    first,
    async (signal) => {
      const next = new CountingEngine()
      await make(next, signal)
      made.push(next)
      return next
    },
    (event: RecoveryEvent) => events.push(event.type),
  )
  return { engine, made, events }
}

const options = (more: Partial<TokenGenerateOptions> = {}): TokenGenerateOptions => ({
  ...{ maxTokens: 6, stopTokens: [], temperature: 1, topK: 0, topP: 1, minP: 0 },
  signal: new AbortController().signal,
  ...more,
})

/** @param at called with each token */
async function take(tokens: AsyncIterable<number>, at: (token: number) => void = () => {}): Promise<number[]> {
  const taken: number[] = []
  for await (const token of tokens) {
    taken.push(token)
    at(token)
  }
  return taken
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('an engine whose GPU is lost', () => {
  it('goes on from the tokens it has given, with the same seed, and tells nothing twice', async () => {
    const { engine, made, events } = recovering()
    const accepted: number[] = []
    const constraint: TokenConstraint = {
      allowed: () => undefined,
      free: () => 9,
      accept: (token) => accepted.push(token),
    }
    const cached: number[] = []
    const tokens = await take(
      engine.generate([10], options({ constraint, answered: 2, onCached: (count) => cached.push(count) })),
      (token) => {
        if (token === 12 || token === 14) made.at(-1)?.die()
      },
    )
    expect(tokens).toEqual([11, 12, 13, 14, 15, 16])
    expect(accepted).toEqual(tokens)
    expect(cached).toEqual([1])
    const asked = made.flatMap(({ asked }) => asked)
    expect(asked.map(({ prompt, options: { maxTokens, answered } }) => [prompt, maxTokens, answered])).toEqual([
      [[10], 6, 2],
      [[10, 11, 12], 4, 4],
      [[10, 11, 12, 13, 14], 2, 6],
    ])
    expect(new Set(asked.map(({ options: { seed } }) => seed)).size).toBe(1)
    expect(asked[0]?.options.seed).toBeTypeOf('number')
    expect(events).toEqual(['begun', 'done', 'begun', 'done'])
    expect(made.map(({ disposed }) => disposed)).toEqual([1, 1, 0])
  })

  it('adds up its counters, and holds what the living one holds', async () => {
    const { engine, made } = recovering()
    const seen: number[] = []
    await take(engine.generate([0], options()), (token) => {
      seen.push(engine.counters().submits)
      if (token === 3) made.at(-1)?.die()
    })
    expect(seen).toEqual([1, 2, 3, 4, 5, 6])
    expect(engine.ledger().total).toBe(7)
    await engine.dispose()
    expect(engine.ledger()).toEqual(nothing)
    expect(made.map(({ disposed }) => disposed > 0)).toEqual([true, true])
  })

  it('is made again although nobody asks, and before it is asked', async () => {
    const { engine, made, events } = recovering()
    made[0]?.die()
    await vi.advanceTimersByTimeAsync(0)
    expect(events).toEqual(['begun', 'done'])
    expect(await take(engine.generate([0], options({ maxTokens: 2 })))).toEqual([1, 2])
    expect(made[0]?.asked).toEqual([])
  })

  it.each([
    ['with the browser’s own error before the loss is told', () => new DOMException('aborted', 'OperationError'), 500],
    ['with an error that says so', gone, 0],
    ['since it was disposed of in time', () => new SampanError('engine-disposed', 'Disposed of.'), 0],
  ])('goes on where calls fail %s', async (_, symptom, delay) => {
    const { engine, made } = recovering()
    const [first] = made
    if (!first) throw new Error('unreachable')
    first.symptom = symptom
    const taking = take(engine.generate([0], options()), (token) => {
      if (token !== 2) return
      if (delay === 0) return first.die()
      // Calls fail at once, the loss is told later.
      Object.assign(first, { lostLater: setTimeout(() => first.die(), delay) })
      first.generate = () => {
        throw symptom()
      }
    })
    await vi.advanceTimersByTimeAsync(2000)
    expect(await taking).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('does not go on behind the last token', async () => {
    for (const more of [{ maxTokens: 3 }, { stopTokens: [3] }]) {
      const { engine, made } = recovering()
      const tokens = await take(engine.generate([0], options(more)), (token) => {
        if (token === 3) made[0]?.die()
      })
      expect(tokens).toEqual([1, 2, 3])
      expect(made[1]?.asked ?? []).toEqual([])
    }
  })

  it('leaves errors alone that come of something else', async () => {
    const { engine, made, events } = recovering()
    const [first] = made
    for (const error of [new SampanError('token-not-allowed', 'no'), new TypeError('a mistake')]) {
      const constraint: TokenConstraint = {
        allowed: () => undefined,
        free: () => 0,
        accept: () => {
          throw error
        },
      }
      const taking = take(engine.generate([0], options({ constraint }))).catch((thrown: unknown) => thrown)
      await vi.advanceTimersByTimeAsync(2000)
      expect(await taking).toBe(error)
    }
    expect([events, first?.disposed]).toEqual([[], 0])
  })
})

describe('an engine that cannot be made again at once', () => {
  it('tries again while there is no adapter, and calls wait', async () => {
    let tries = 0
    const { engine, made, events } = recovering(async () => {
      if (++tries < 4) throw noAdapter()
    })
    made[0]?.die()
    const taking = take(engine.generate([0], options()))
    await vi.advanceTimersByTimeAsync(200)
    expect([tries, events]).toEqual([1, ['begun']])
    await vi.advanceTimersByTimeAsync(5000)
    expect(await taking).toEqual([1, 2, 3, 4, 5, 6])
    expect([tries, events]).toEqual([4, ['begun', 'done']])
  })

  it('is given up after the last try, with a typed error for every call', async () => {
    const { engine, made, events } = recovering(() => Promise.reject(noAdapter()))
    const failing = expect(take(engine.generate([0], options()), () => made[0]?.die())).rejects.toMatchObject({
      code: 'device-lost',
      details: { reason: 'not-recovered', because: { code: 'webgpu-unavailable', reason: 'no-adapter' } },
    })
    await vi.advanceTimersByTimeAsync(RETRY_WAITS_MS.reduce((sum, wait) => sum + wait, 100))
    await failing
    expect(await engine.lost).toMatchObject({ code: 'device-lost' })
    await expect(take(engine.generate([0], options()))).rejects.toMatchObject({ code: 'device-lost' })
    expect(events).toEqual(['begun'])
    expect(engine.counters().submits).toBe(1)
    expect(engine.ledger()).toEqual(nothing)
    await engine.dispose()
  })

  it('is given up at once where the source cannot be read', async () => {
    let tries = 0
    const { engine, made } = recovering(async () => {
      tries++
      throw new SampanError('network-failed', 'No connection.', { url: 'https://example.org/model.gguf' })
    })
    made[0]?.die()
    await vi.advanceTimersByTimeAsync(0)
    expect(await engine.lost).toMatchObject({
      code: 'device-lost',
      message: expect.stringContaining('No connection.'),
      details: { because: { code: 'network-failed', url: 'https://example.org/model.gguf' } },
    })
    expect(tries).toBe(1)
  })

  it('is given up when it is lost too often, but not when that is long ago', async () => {
    const { engine, made, events } = recovering()
    for (let round = 0; round < MOST_RECOVERIES; round++) {
      made.at(-1)?.die()
      await vi.advanceTimersByTimeAsync(10)
    }
    await vi.advanceTimersByTimeAsync(RECOVERY_WINDOW_MS)
    for (let round = 0; round < MOST_RECOVERIES; round++) {
      made.at(-1)?.die()
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(events.length).toBe(4 * MOST_RECOVERIES)
    made.at(-1)?.die()
    expect(await engine.lost).toMatchObject({ code: 'device-lost', details: { reason: 'too-often' } })
    expect(made.every(({ disposed }) => disposed > 0)).toBe(true)
    await expect(take(engine.generate([0], options()))).rejects.toMatchObject({ details: { reason: 'too-often' } })
  })

  it('lets go of a call that is aborted meanwhile', async () => {
    let finish = (): void => {}
    const { engine, made } = recovering(
      () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    )
    const controller = new AbortController()
    const failing = expect(
      take(engine.generate([0], options({ signal: controller.signal })), () => made[0]?.die()),
    ).rejects.toThrow('enough')
    await vi.advanceTimersByTimeAsync(10)
    controller.abort(new Error('enough'))
    await failing
    finish()
    await vi.advanceTimersByTimeAsync(10)
    expect(await take(engine.generate([0], options({ maxTokens: 1 })))).toEqual([1])
  })

  it('leaves nothing when it is disposed of meanwhile, whether the maker heeds its signal or not', async () => {
    for (const heeds of [true, false]) {
      let finish = (): void => {}
      const { engine, made, events } = recovering(
        (_, signal) =>
          new Promise((resolve, reject) => {
            finish = resolve
            if (heeds) signal.addEventListener('abort', () => reject(signal.reason))
          }),
      )
      made[0]?.die()
      const waiting = expect(take(engine.generate([0], options()))).rejects.toMatchObject({ code: 'engine-disposed' })
      await vi.advanceTimersByTimeAsync(10)
      const disposing = engine.dispose()
      finish()
      await disposing
      await waiting
      expect(made.every(({ disposed }) => disposed > 0)).toBe(true)
      expect(made.length).toBe(heeds ? 1 : 2)
      expect(engine.ledger()).toEqual(nothing)
      expect(events[0]).toBe('begun')
    }
  })
})

describe('work on an engine itself', () => {
  it('waits for the one that takes the place of a lost one, and is done again there', async () => {
    let ready = (): void => {}
    const made = new Promise<void>((resolve) => {
      ready = resolve
    })
    const { engine, made: engines } = recovering(() => made)
    const done: number[] = []
    const { signal } = new AbortController()
    engines[0]?.die()
    await vi.advanceTimersByTimeAsync(0)
    const work = engine.onLiving(signal, async () => {
      done.push(engines.length)
      if (done.length > 1) return
      engines.at(-1)?.die()
      throw gone()
    })
    expect(done).toEqual([])
    ready()
    await vi.runAllTimersAsync()
    await work
    expect(done).toEqual([2, 3])
  })

  it('is given up when it is not wanted any more, and fails by its own errors', async () => {
    const { engine, made } = recovering(() => new Promise(() => {}))
    const mine = new RangeError('no such adapter')
    const failed = engine
      .onLiving(new AbortController().signal, () => Promise.reject(mine))
      .catch((error: unknown) => error)
    await vi.runAllTimersAsync()
    expect(await failed).toBe(mine)
    made[0]?.die()
    await vi.advanceTimersByTimeAsync(0)
    const stop = new AbortController()
    const waiting = engine.onLiving(stop.signal, async () => {})
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })
})
