import type { AdapterInfo, Counters, Ledger, RecoveryEvent, TokenBytes, TokenGenerateOptions } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { untilAborted } from '../until-aborted.ts'
import { type GpuEngine, pause, RecoveryAttempts } from './recovery-attempts.ts'

/** How long after a call on a lost GPU fails the loss may be told, in milliseconds. */
const LOSS_NOTICE_MS = 1000

/**
 * An engine that is made again when its GPU is lost. Generations that were interrupted go on from the tokens they have given, with the
 * same seed; others wait. It relies on an engine that gives out every token in the same turn in which it tells it to constraint
 * and logprobs.
 */
export class RecoveringEngine implements GpuEngine {
  /** Resolves when it is given up, with `device-lost`. */
  readonly lost: Promise<Error>
  readonly #attempts: RecoveryAttempts
  readonly #onRecovery: (event: RecoveryEvent) => void
  readonly #disposing = new AbortController()
  #giveUp: (error: Error) => void = () => {}
  /** The living one, or the one that was lost last. */
  #last: GpuEngine
  #isAlive = true
  /** The living one; while it is made again, what comes of that. */
  #present: Promise<GpuEngine>
  /** Of all before the last. */
  #past: Counters | undefined

  /** @param make makes another in place of `first`; its signal aborts when the result is not wanted any more */
  constructor(
    first: GpuEngine,
    make: (signal: AbortSignal) => Promise<GpuEngine>,
    onRecovery: (event: RecoveryEvent) => void = () => {},
  ) {
    this.#attempts = new RecoveryAttempts(make)
    this.#onRecovery = onRecovery
    this.lost = new Promise((resolve) => {
      this.#giveUp = resolve
    })
    this.#last = first
    this.#present = Promise.resolve(first)
    this.#watch(first)
  }

  get contextLength(): number {
    return this.#last.contextLength
  }

  get adapter(): AdapterInfo {
    return this.#last.adapter
  }

  get tokenBytes(): TokenBytes {
    return this.#last.tokenBytes
  }

  /** Of all engines there have been; what one that is being made has done so far is not in it. */
  counters(): Counters {
    return total(this.#past, this.#last.counters())
  }

  /** Of the last one: zero while another is being made. */
  ledger(): Ledger {
    return this.#last.ledger()
  }

  /** @throws SampanError `device-lost` when it was given up; what the engine throws for other reasons */
  async *generate(prompt: readonly number[], options: TokenGenerateOptions): AsyncGenerator<number, void, undefined> {
    const signal = AbortSignal.any([options.signal, this.#disposing.signal])
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
    const tokens: number[] = []
    let onCached = options.onCached
    const isComplete = (): boolean =>
      tokens.length === options.maxTokens || options.stopTokens.includes(tokens.at(-1) ?? Number.NaN)
    do {
      const engine = await untilAborted(this.#present, signal)
      const goOn: TokenGenerateOptions = {
        ...{ ...options, seed },
        maxTokens: options.maxTokens - tokens.length,
        answered: (options.answered ?? 0) + tokens.length,
        onCached: (count) => {
          onCached?.(count)
          onCached = undefined
        },
      }
      try {
        for await (const token of engine.generate([...prompt, ...tokens], goOn)) {
          tokens.push(token)
          yield token
        }
        return
      } catch (error) {
        signal.throwIfAborted()
        await this.#recoverFrom(error, engine)
      }
    } while (!isComplete())
  }

  /** Does `work` on the living engine, and again on the next one where that is lost meanwhile. @throws what it throws for other reasons */
  async onLiving<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ended = AbortSignal.any([signal, this.#disposing.signal])
    for (;;) {
      const engine = await untilAborted(this.#present, ended)
      try {
        return await work(ended)
      } catch (error) {
        ended.throwIfAborted()
        await this.#recoverFrom(error, engine)
      }
    }
  }

  async dispose(): Promise<void> {
    this.#disposing.abort(
      new SampanError('engine-disposed', 'This model has been disposed of. Load it again to use it.'),
    )
    await this.#present.catch(() => {})
    await this.#last.dispose()
  }

  #watch(engine: GpuEngine): void {
    this.#last = engine
    this.#isAlive = true
    engine.lost.then((error) => this.#replace(engine, error))
  }

  /**
   * Returns when `error` came of a loss. Calls on a GPU that is lost fail with whatever the browser says, mostly before the loss is told.
   * @throws error when it did not
   */
  async #recoverFrom(error: unknown, engine: GpuEngine): Promise<void> {
    if (this.#isGone(engine)) return
    const isTyped = SampanError.isInstance(error)
    if (isTyped && error.code === 'device-lost') return this.#replace(engine, error)
    const noticed = isTyped ? undefined : pause(LOSS_NOTICE_MS, this.#disposing.signal).catch(() => undefined)
    const loss = await Promise.race([engine.lost, noticed])
    if (!loss && !this.#isGone(engine)) throw error
    if (loss) this.#replace(engine, loss)
  }

  #isGone(engine: GpuEngine): boolean {
    return engine !== this.#last || !this.#isAlive
  }

  #replace(engine: GpuEngine, error: Error): void {
    if (this.#isGone(engine) || this.#disposing.signal.aborted) return
    this.#isAlive = false
    this.#present = this.#makeAnother(engine, error)
    this.#present.catch(() => {})
  }

  async #makeAnother(lost: GpuEngine, error: Error): Promise<GpuEngine> {
    const { signal } = this.#disposing
    try {
      this.#attempts.count(error)
      this.#onRecovery({ type: 'begun', error })
      // First: a GPU that has just failed is not to hold a model twice.
      await lost.dispose()
      const engine = await this.#attempts.engine(signal)
      this.#past = this.counters()
      this.#watch(engine)
      this.#onRecovery({ type: 'done' })
      return engine
    } catch (failure) {
      signal.throwIfAborted()
      await lost.dispose()
      this.#giveUp(failure instanceof Error ? failure : error)
      throw failure
    }
  }
}

function total(past: Counters | undefined, present: Counters): Counters {
  const sum = (name: keyof Counters): number => (past?.[name] ?? 0) + present[name]
  return {
    dispatches: sum('dispatches'),
    submits: sum('submits'),
    bindGroups: sum('bindGroups'),
    buffers: sum('buffers'),
    bufferWrites: sum('bufferWrites'),
    pipelines: sum('pipelines'),
    readbacks: sum('readbacks'),
    readbackBytes: sum('readbackBytes'),
  }
}
