import type { BenchModel, EngineIdentity, ModelToRun, OpenOptions, RunRequest } from '../engines/bench-engine.ts'
import { openServer } from '../engines/openai-compatible.ts'
import { BenchError } from '../errors.ts'
import type { PageFacts, PageOpened } from '../page/page-calls.ts'
import type { Roofline } from '../result/result-types.ts'
import type { BenchHost, CellSide } from '../runner/measure-cell.ts'
import { type ConnectOptions, PAGE_LIMITS, type PageConnection, type PageLimits, PageLine } from './page-connection.ts'
import { readCounters, readFacts, readMemory, readOpened, readRoofline, readSample, readTokens } from './page-values.ts'

/** Where a build's pages are opened, and where they find a model. */
export interface BuildPlace {
  /** Of Sampan. */
  readonly version: string
  readonly commit?: string
  /** Starts a browser with the page of this build in it. */
  connect(side: Pick<CellSide, 'engine' | 'build'>, options: ConnectOptions): Promise<PageConnection>
  /** What a page of this build loads for the model that was named. */
  locate(source: string): PlacedModel
}

export interface PlacedModel {
  readonly url: string
  /** On this machine's disk, where it is there. */
  readonly path?: string
  /** Of that file. */
  readonly hash?: string
}

export interface CommandHostOptions {
  /** By name; the one without a name is this checkout. */
  readonly builds: ReadonlyMap<string | undefined, BuildPlace>
  readonly limits?: PageLimits
  /** Of a server's API. */
  readonly apiKey?: string
  readonly vocabularySize?: number
}

/** Engines in browsers of their own, each with nothing else in it, and those that need no browser. */
export class CommandHost implements BenchHost {
  readonly #options: CommandHostOptions
  readonly #weightBytes = new Set<number>()
  #hidden = false

  constructor(options: CommandHostOptions) {
    this.#options = options
  }

  now(): number {
    return performance.now()
  }

  isHidden(): boolean {
    return this.#hidden
  }

  async open(side: Pick<CellSide, 'engine' | 'build'>, model: ModelToRun, options: OpenOptions): Promise<BenchModel> {
    const opened = await this.#open(side, model, options)
    const { weightBytes } = opened.identity.model
    if (weightBytes !== undefined) this.#weightBytes.add(weightBytes)
    return opened
  }

  /** Asks a page of this checkout what it runs on. */
  facts(signal: AbortSignal): Promise<PageFacts> {
    return this.#aside(signal, async (line) => readFacts(await line.ask('facts', undefined, signal)))
  }

  /** With the working sets of the models that were opened so far. */
  probe(signal: AbortSignal): Promise<Roofline | undefined> {
    const workingSets = [...this.#weightBytes]
    return this.#aside(signal, async (line) => readRoofline(await line.ask('probe', { workingSets }, signal)))
  }

  async #open(side: Pick<CellSide, 'engine' | 'build'>, model: ModelToRun, options: OpenOptions): Promise<BenchModel> {
    const place = this.#place(side.build)
    switch (side.engine) {
      case 'sampan':
      case 'wllama':
      case 'wllama-webgpu':
      case 'web-llm':
      case 'transformers':
        return this.#openPage(place, side, model, options)
      case 'sampan-dawn': {
        const { openDawn } = await import('../engines/sampan-dawn.ts')
        const { path, hash } = place.locate(model.source)
        if (path === undefined)
          throw new BenchError('not-available', `sampan-dawn reads files from disk, and ${model.source} is none.`)
        return openDawn(
          { version: place.version, ...(place.commit !== undefined && { commit: place.commit }) },
          { ...model, source: path },
          hash,
          options,
        )
      }
      case 'openai-compatible': {
        const { apiKey, vocabularySize } = this.#options
        return openServer(model, options.signal, {
          ...(apiKey !== undefined && { apiKey }),
          ...(vocabularySize !== undefined && { vocabularySize }),
        })
      }
      default:
        return side.engine satisfies never
    }
  }

  #place(build: string | undefined): BuildPlace {
    const place = this.#options.builds.get(build)
    if (!place) throw new Error(`There is no build ${build}.`)
    return place
  }

  async #aside<Value>(signal: AbortSignal, work: (line: PageLine) => Promise<Value>): Promise<Value> {
    const connection = await this.#first().connect({ engine: 'sampan' }, { signal, onProgress: () => {} })
    try {
      return await work(new PageLine(connection, this.#options.limits ?? PAGE_LIMITS, () => {}))
    } finally {
      await connection.close()
    }
  }

  #first(): BuildPlace {
    const [place] = this.#options.builds.values()
    if (!place) throw new Error('There is no build.')
    return place
  }

  async #openPage(
    place: BuildPlace,
    side: Pick<CellSide, 'engine' | 'build'>,
    model: ModelToRun,
    { onProgress, signal }: OpenOptions,
  ): Promise<BenchModel> {
    const { version, commit } = place
    const { url, path, hash } = place.locate(model.source)
    let line: PageLine | undefined
    const seen = (fraction: number): void => {
      line?.touch()
      onProgress(fraction)
    }
    const connection = await place.connect(side, { signal, onProgress: seen })
    try {
      line = new PageLine(connection, this.#options.limits ?? PAGE_LIMITS, (hidden) => {
        this.#hidden = hidden
      })
      const opening = {
        ...{ engine: side.engine, version, keep: path === undefined },
        ...(commit !== undefined && { commit }),
        model: { ...model, source: url },
      }
      const opened = readOpened(await line.ask('open', opening, signal))
      return new PageModel(connection, line, opened, hash)
    } catch (error) {
      await connection.close()
      // The page knows the model by its address on this machine's server; whoever typed the command does not.
      if (BenchError.isInstance(error))
        throw new BenchError(error.code, error.message.replaceAll(url, model.source), error.details, error)
      throw error
    }
  }
}

class PageModel implements BenchModel {
  readonly identity: EngineIdentity
  readonly cannot: BenchModel['cannot']
  readonly #connection: PageConnection
  readonly #line: PageLine

  constructor(connection: PageConnection, line: PageLine, { identity, cannot }: PageOpened, hash: string | undefined) {
    this.#connection = connection
    this.#line = line
    // The file's own name for its content, whatever engine runs it.
    this.identity = hash === undefined ? identity : { ...identity, model: { ...identity.model, hash } }
    this.cannot = cannot
  }

  async run({ signal, ...request }: RunRequest): ReturnType<BenchModel['run']> {
    return readSample(await this.#line.ask('run', request, signal))
  }

  async nextTokens(tokens: readonly number[], from: number, signal: AbortSignal): Promise<readonly number[]> {
    return readTokens(await this.#line.ask('nextTokens', { tokens, from }, signal))
  }

  async counters(): ReturnType<BenchModel['counters']> {
    return readCounters(await this.#line.ask('counters', undefined))
  }

  async memory(): ReturnType<BenchModel['memory']> {
    return readMemory(await this.#line.ask('memory', undefined))
  }

  /** With the browser all of it is gone: nothing has to be given back before. */
  close(): Promise<void> {
    return this.#connection.close()
  }
}
