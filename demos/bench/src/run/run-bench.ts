import {
  type BenchHost,
  type BenchResult,
  completeRow,
  probeRoofline,
  type ResultRow,
  readResult,
  rowContext,
  runSuite,
  type SuiteProgress,
} from '@sampan/bench'
import { pageConditions, pageMachine, sampanEngine, wllamaInPage } from '@sampan/bench/in-page'
import { pocketFacts } from '@sampan/pocket'
import { frameFigures, longTaskFigures, type PageWatch } from './page-watch.ts'
import { pocketReference } from './pocket-reference.ts'
import { type RunChoice, sidesOf } from './run-plan.ts'
import { type Opening, WatchedHost } from './watched-host.ts'

export interface RunHandlers {
  onProgress(progress: SuiteProgress): void
  /** A row at once, before its answers' agreement and the roofline are put beside it. */
  onRow(row: ResultRow): void
}

export interface RunOptions {
  readonly choice: RunChoice
  readonly declaredGpu?: string
  /** Of the model's files, where that is known: what the probe's bandwidth is measured at. */
  readonly modelBytes?: number
  readonly version: string
}

/** A host for this page's engines, and the run of a suite on it. */
export class BenchRun {
  readonly #options: RunOptions
  readonly #watch: PageWatch
  readonly #handlers: RunHandlers
  readonly #host: WatchedHost
  #facts: Awaited<ReturnType<typeof factsOf>> | undefined

  constructor(options: RunOptions, watch: PageWatch, handlers: RunHandlers) {
    this.#options = options
    this.#watch = watch
    this.#handlers = handlers
    this.#host = new WatchedHost(openIn(options.version), (opening) => this.#closed(opening))
  }

  sawHidden(): void {
    this.#host.sawHidden()
  }

  /** After an abort it resolves with what there is. */
  async result(signal: AbortSignal): Promise<BenchResult> {
    const { choice, version, modelBytes } = this.#options
    const facts = await factsOf(this.#options)
    this.#facts = facts
    const sides = sidesOf(choice)
    const small = facts.machine.adapter?.software === true
    const workingSets = [pocketFacts.bytes, ...(modelBytes === undefined ? [] : [modelBytes])]
    const references = new Map([['Pocket', await pocketReference()]])
    this.#watch.start()
    try {
      const result = await runSuite(
        this.#host,
        {
          ...{ suite: choice.suite, sides, references, mostSamples: choice.mostSamples },
          facts: { runId: runId(), harness: { version }, ...facts },
          probe: (inner) => probeRoofline({ workingSets, signal: inner, small }),
        },
        signal,
        (progress) => this.#handlers.onProgress(progress),
      )
      return readResult(this.#withFrames(result))
    } finally {
      this.#watch.stop()
    }
  }

  /** Sides are opened once for each cell, in the order of its rows; before that, once for the check of their answers. */
  #openingsOfCells(): readonly Opening[] {
    const checked = sidesOf(this.#options.choice).filter(({ model }) => model.name === 'Pocket').length
    return this.#host.openings.slice(checked)
  }

  #withFrames(result: BenchResult): BenchResult {
    const openings = this.#openingsOfCells()
    const rows = result.rows.map((row, index): ResultRow => {
      const opening = openings[index]
      if (!opening || opening.side.engine !== row.engine || opening.model !== row.model) return row
      // The first run warms up: it compiles, and counts nowhere.
      const stretches = opening.stretches.slice(1)
      const frames = frameFigures(this.#watch.frames, stretches)
      const longTasks = this.#watch.tasks && longTaskFigures(this.#watch.tasks, stretches)
      if (row.status === 'not-available' || stretches.length === 0) return row
      return { ...row, ...(frames && { frames }), ...(longTasks && { longTasks }) }
    })
    return { ...result, rows }
  }

  #closed(opening: Opening): void {
    const index = this.#openingsOfCells().indexOf(opening)
    const facts = this.#facts
    const { choice } = this.#options
    const models = [...new Set(sidesOf(choice).map(({ model }) => model.name))]
    const cells = choice.suite.tests.flatMap((cell) =>
      models.flatMap((name) =>
        sidesOf(choice)
          .filter(({ model }) => model.name === name)
          .map((side) => ({ cell, side })),
      ),
    )
    const at = cells[index]
    if (!at || !facts || !opening.identity) return
    const { test, depth } = at.cell
    // A prompt at a depth is preceded by a run that fills the cache.
    const each = test.startsWith('pp') && depth > 0 ? 2 : 1
    const counted = opening.runs.filter((_, place) => place % each === each - 1).slice(1)
    const samples = counted.map(({ sample, stretch }) => ({
      ...{ startedMs: Math.max(0, stretch.start), ms: stretch.end - stretch.start },
      ...{ tokenTimes: [...sample.tokenTimes], promptTokens: sample.promptTokens },
      ...(sample.reused !== undefined && { reused: sample.reused }),
    }))
    if (samples.length === 0) return
    const row = { engine: opening.side.engine, model: opening.model, test, depth, status: 'measured', samples } as const
    const engines = [{ engine: row.engine, model: row.model, identity: opening.identity }]
    this.#handlers.onRow(completeRow(row, rowContext({ ...facts, engines }, row)))
  }
}

function openIn(version: string): BenchHost['open'] {
  return async (side, model, options) => {
    // Who pressed start has agreed to the download, which was asked before.
    const sampan = () => sampanEngine({ version, load: { download: 'allow', cache: true } })
    const engine = side.engine === 'sampan' ? sampan() : await wllamaInPage()
    return engine.open(model, options)
  }
}

async function factsOf({ declaredGpu }: RunOptions) {
  const [machine, conditions] = await Promise.all([pageMachine(), pageConditions()])
  return { machine: { ...machine, ...(declaredGpu !== undefined && { declaredGpu }) }, conditions }
}

/** `crypto.randomUUID` is for secure contexts only. */
function runId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
