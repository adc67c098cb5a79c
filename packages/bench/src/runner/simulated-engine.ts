import type { BenchModel, EngineName, ModelToRun, RunRequest, RunSample } from '../engines/bench-engine.ts'
import type { BenchHost } from './measure-cell.ts'

export interface SimulatedEngine {
  /** Milliseconds of one token of a prompt, and of one generated behind `depth` others. */
  readonly prefillMs: number
  decodeMs(depth: number): number
  readonly vocabularySize?: number
  readonly cannot?: BenchModel['cannot']
  /** The likeliest token behind a prefix; default: the last one's successor. */
  readonly next?: (prefix: readonly number[]) => number
  /** What happens instead of the run with this number, from 0. */
  readonly fault?: (run: number) => RunSample | undefined
}

function successor(prefix: readonly number[]): number {
  return (prefix.at(-1) ?? 0) + 1
}

/** Engines that take their time on a clock of their own: what was measured can be compared with what is so. */
export class SimulatedHost implements BenchHost {
  readonly #engines: ReadonlyMap<EngineName, SimulatedEngine>
  readonly runs: { readonly engine: EngineName; readonly prompt: readonly number[] }[] = []
  opened = 0
  closed = 0
  #time = 0

  constructor(engines: Iterable<readonly [EngineName, SimulatedEngine]>) {
    this.#engines = new Map(engines)
  }

  now(): number {
    return this.#time
  }

  async open({ engine: name }: { readonly engine: EngineName }, { contextLength }: ModelToRun): Promise<BenchModel> {
    const engine = this.#engines.get(name)
    if (!engine) throw new Error(`There is no ${name} here.`)
    this.opened++
    let cached: readonly number[] = []
    let count = 0
    let dispatches = 0
    const run = async ({ prompt, generate, reuse, signal }: RunRequest): Promise<RunSample> => {
      signal.throwIfAborted()
      this.runs.push({ engine: name, prompt })
      const fault = engine.fault?.(count++)
      if (fault) return fault
      const same = prompt.findIndex((token, index) => token !== cached[index])
      const reused = reuse ? Math.min(same < 0 ? prompt.length : same, prompt.length - 1) : 0
      let time = (prompt.length - reused) * engine.prefillMs
      const tokenTimes: number[] = []
      for (let at = 0; at < generate; at++) {
        time += engine.decodeMs(prompt.length + at)
        tokenTimes.push(time)
      }
      this.#time += time
      dispatches += generate
      cached = prompt
      if (prompt.length + generate > contextLength) throw new Error('The context is too short.')
      return { tokenTimes, promptTokens: prompt.length, reused, tokens: tokenTimes.map(() => 0) }
    }
    return {
      identity: {
        version: '1',
        device: 'gpu',
        model: engine.vocabularySize === undefined ? {} : { vocabularySize: engine.vocabularySize },
        load: [],
      },
      cannot: engine.cannot ?? {},
      run,
      nextTokens: async (tokens, from) =>
        tokens.slice(from).map((_, index) => (engine.next ?? successor)(tokens.slice(0, from + index + 1))),
      counters: async () => ({ dispatches, submits: 0, bindGroups: 0, readbacks: 0, readbackBytes: 0 }),
      memory: async () => ({ total: 1 }),
      close: async () => {
        this.closed++
      },
    }
  }
}
