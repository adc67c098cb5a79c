import type {
  BenchModel,
  EngineCounters,
  EngineIdentity,
  EngineMemory,
  EngineName,
  ModelToRun,
  OpenOptions,
  RunSample,
} from '../engines/bench-engine.ts'
import { BenchError } from '../errors.ts'
import { type BenchTest, contextOf } from './bench-test.ts'
import { sampleTest, type TestRun, unavailable } from './sample-test.ts'

/** What measures is driven by: engines of a page or of browsers, and their clock. */
export interface BenchHost {
  /** In a Worker or browser of its own. */
  open(side: Pick<CellSide, 'engine' | 'build'>, model: ModelToRun, options: OpenOptions): Promise<BenchModel>
  /** Milliseconds that only grow. */
  now(): number
  /** The page that measures cannot be seen, and may be slowed down for that. Absent where there is no page. */
  isHidden?(): boolean
}

export interface CellSide {
  readonly engine: EngineName
  /** Of two builds of one engine. */
  readonly build?: string
  readonly model: Omit<ModelToRun, 'contextLength'>
}

/** One test at one depth, on one engine or, taking turns, on several. */
export interface CellPlan {
  readonly test: BenchTest
  readonly depth: number
  readonly sides: readonly CellSide[]
  readonly seed: number
  /** Of each side, unless one fails. */
  readonly leastSamples: number
  readonly mostSamples: number
  /** Samples are taken until they make up so much time of each side, in milliseconds. */
  readonly leastMs: number
}

export interface TimedSample extends RunSample {
  /** Milliseconds on the host's clock. */
  readonly startedAt: number
  /** By that clock, what lies at the test's depth among it. */
  readonly ms: number
  readonly counters?: EngineCounters
  readonly hidden?: boolean
}

export type SideOutcome = {
  readonly side: CellSide
  readonly identity?: EngineIdentity
  /** The first run, which compiles and fills caches: it counts nowhere. */
  readonly warmUp?: TimedSample
  readonly samples: readonly TimedSample[]
  readonly memory?: EngineMemory
} & (
  | { readonly status: 'measured' }
  | { readonly status: 'not-available' | 'failed' | 'aborted'; readonly reason: string }
)

export interface CellProgress {
  readonly phase: 'open' | 'warm-up' | 'measure'
  /** 0 … 1, of the cell. */
  readonly fraction: number
}

/**
 * Opens the sides anew, warms each up, takes samples in turns (the order is turned round every time), and closes them. What fails ends
 * its own side only. Never rejects: what happened is in the outcomes, in the order of the sides.
 */
export async function measureCell(
  host: BenchHost,
  plan: CellPlan,
  signal: AbortSignal,
  onProgress: (progress: CellProgress) => void = () => {},
): Promise<readonly SideOutcome[]> {
  const sides = plan.sides.map((side) => new MeasuredSide(host, plan, side, signal))
  for (const [index, side] of sides.entries())
    await side.open((fraction) =>
      onProgress({ phase: 'open', fraction: (OPEN_SHARE * (index + fraction)) / sides.length }),
    )
  onProgress({ phase: 'warm-up', fraction: OPEN_SHARE })
  for (const side of sides) await side.warmUp()
  for (let repetition = 0; sides.some((side) => side.wantsMore); repetition++) {
    const order = repetition % 2 === 0 ? sides : sides.toReversed()
    for (const side of order) await side.sample(repetition)
    const done = Math.min(1, ...sides.map(({ done }) => done))
    onProgress({ phase: 'measure', fraction: OPEN_SHARE + (1 - OPEN_SHARE) * done })
  }
  return Promise.all(sides.map((side) => side.close()))
}

/** Of a cell's progress. */
const OPEN_SHARE = 0.3

class MeasuredSide {
  readonly #host: BenchHost
  readonly #plan: CellPlan
  readonly #side: CellSide
  readonly #signal: AbortSignal
  readonly #samples: TimedSample[] = []
  #model: BenchModel | undefined
  #run: TestRun | undefined
  #warmUp: TimedSample | undefined
  #end: { readonly status: 'not-available' | 'failed' | 'aborted'; readonly reason: string } | undefined

  constructor(host: BenchHost, plan: CellPlan, side: CellSide, signal: AbortSignal) {
    this.#host = host
    this.#plan = plan
    this.#side = side
    this.#signal = signal
  }

  get wantsMore(): boolean {
    return this.#end === undefined && this.done < 1
  }

  /** 0 … 1 */
  get done(): number {
    if (this.#end) return 1
    const { leastSamples, mostSamples, leastMs } = this.#plan
    const count = this.#samples.length
    if (count >= mostSamples) return 1
    const ms = this.#samples.reduce((sum, sample) => sum + (sample.tokenTimes.at(-1) ?? 0), 0)
    return Math.min(count / leastSamples, leastMs === 0 ? 1 : ms / leastMs)
  }

  open(onProgress: (fraction: number) => void): Promise<void> {
    return this.#attempt(async () => {
      const { test, depth, seed } = this.#plan
      const model = await this.#host.open(
        this.#side,
        { ...this.#side.model, contextLength: contextOf(test, depth) },
        { onProgress, signal: this.#signal },
      )
      this.#model = model
      const { vocabularySize } = model.identity.model
      if (vocabularySize === undefined)
        throw new BenchError(
          'not-available',
          'The engine does not tell the size of the vocabulary, and random tokens need it.',
        )
      this.#run = { test, depth, seed, vocabularySize }
      const reason = unavailable(model, this.#run)
      if (reason !== undefined) throw new BenchError('not-available', reason)
    })
  }

  warmUp(): Promise<void> {
    return this.#attempt(async () => {
      this.#warmUp = await this.#take(-1)
    })
  }

  sample(repetition: number): Promise<void> {
    return this.#attempt(async () => {
      const sample = await this.#take(repetition)
      if (sample) this.#samples.push(sample)
    })
  }

  async close(): Promise<SideOutcome> {
    const model = this.#model
    const memory = await model?.memory().catch(() => undefined)
    await model?.close().catch(() => {})
    return {
      side: this.#side,
      ...(model && { identity: model.identity }),
      ...(this.#warmUp && { warmUp: this.#warmUp }),
      samples: this.#samples,
      ...(memory && { memory }),
      ...(this.#end ?? { status: 'measured' }),
    }
  }

  async #take(repetition: number): Promise<TimedSample | undefined> {
    if (!this.#model || !this.#run) return undefined
    const before = await this.#model.counters()
    const hiddenBefore = this.#host.isHidden?.()
    const startedAt = this.#host.now()
    const sample = await sampleTest(this.#model, this.#run, repetition, this.#signal)
    const ms = this.#host.now() - startedAt
    const hidden = hiddenBefore === undefined ? undefined : hiddenBefore || this.#host.isHidden?.() === true
    const after = before && (await this.#model.counters())
    return {
      ...{ ...sample, startedAt, ms },
      ...(after && { counters: difference(after, before) }),
      ...(hidden !== undefined && { hidden }),
    }
  }

  /** After an end nothing is done any more. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.#end) return
    try {
      this.#signal.throwIfAborted()
      await work()
      this.#signal.throwIfAborted()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (this.#signal.aborted) this.#end = { status: 'aborted', reason: 'The run was ended before this was measured.' }
      else if (BenchError.isInstance(error) && error.code === 'not-available')
        this.#end = { status: 'not-available', reason }
      else this.#end = { status: 'failed', reason }
    }
  }
}

function difference(after: EngineCounters, before: EngineCounters): EngineCounters {
  return {
    dispatches: after.dispatches - before.dispatches,
    submits: after.submits - before.submits,
    bindGroups: after.bindGroups - before.bindGroups,
    readbacks: after.readbacks - before.readbacks,
    readbackBytes: after.readbackBytes - before.readbackBytes,
  }
}
