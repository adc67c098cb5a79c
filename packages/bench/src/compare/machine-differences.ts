import type { BenchResult, ResultAdapter } from '../result/result-types.ts'

export interface Differences {
  /** Whole sentences: why the two runs say nothing about each other. */
  readonly incomparable: readonly string[]
  /** What differs, and may be why the speed does. */
  readonly notes: readonly string[]
}

/** What differs between the machines and suites of two runs; what only one of them tells forbids nothing. */
export function differencesOf(base: BenchResult, other: BenchResult): Differences {
  const decisive: readonly Fact[] = [
    ['GPUs', (result) => adapterText(adapterOf(result))],
    ['GPUs declared by the user', ({ machine }) => machine.declaredGpu],
    ['operating systems', ({ machine }) => machine.os?.name],
    ['browsers', ({ machine }) => `${machine.runtime.kind}, ${machine.runtime.name}`],
    ['numbers of processor cores', ({ machine }) => machine.cores],
    ['versions of the suite', ({ suite }) => suite.version],
    ['seeds', ({ suite }) => suite.seed],
  ]
  const telling: readonly Fact[] = [
    ['versions of the browser', ({ machine }) => machine.runtime.version],
    ['versions of the operating system', ({ machine }) => machine.os?.version],
    ['versions of the harness', ({ harness }) => harness.version],
    ['states of WebGPU’s developer features', ({ conditions }) => conditions.developerFeatures],
    ['states of cross-origin isolation', ({ conditions }) => conditions.crossOriginIsolated],
  ]
  const differing = ([, of]: Fact) => of(base) !== of(other)
  const known = ([, of]: Fact) => of(base) !== undefined && of(other) !== undefined
  const sentence = ([what, of]: Fact) => `The ${what} differ: ${shown(of(base))} and ${shown(of(other))}.`
  const apart = decisive.filter(differing)
  return {
    incomparable: apart.filter(known).map(sentence),
    notes: [...apart.filter((fact) => !known(fact)), ...telling.filter(differing)].map(sentence),
  }
}

type Fact = readonly [string, (result: BenchResult) => unknown]

function adapterOf({ machine, roofline, engines }: BenchResult): ResultAdapter | undefined {
  return machine.adapter ?? roofline?.adapter ?? engines.find(({ identity }) => identity.adapter)?.identity.adapter
}

function adapterText(adapter: ResultAdapter | undefined): string | undefined {
  if (!adapter) return undefined
  const { vendor, architecture, description, software } = adapter
  return [vendor, architecture, description, software ? 'software' : ''].filter((part) => part !== '').join(', ')
}

function shown(value: unknown): string {
  return value === undefined ? 'unknown' : `“${value}”`
}
