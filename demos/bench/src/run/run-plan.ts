import { type CellSide, customSuite, type Suite, type SuiteName, suite, suiteNames } from '@sampan/bench'
import { pocket } from '@sampan/pocket'

/** What a visitor, or an address, asks for. */
export interface RunChoice {
  readonly suite: Suite
  readonly mostSamples: number
  /** As `load` takes it; beside Pocket. */
  readonly model?: string
  readonly wllama: boolean
}

const MOST_SAMPLES = 50
const LIMITS = { tests: 20, depth: 131_072, samples: 1_000 } as const
const TEST = /^(pp|tg)([1-9]\d{0,5})$/

/**
 * The suite that an address asks for: `?suite=standard`, or `?test=pp16,tg8&depth=0,64&samples=2`. Undefined: none, or none that can be
 * understood.
 */
export function suiteFromQuery(query: URLSearchParams): Pick<RunChoice, 'suite' | 'mostSamples'> | undefined {
  const tests = list(query.get('test')).flatMap((name) => {
    const [, kind, tokens] = TEST.exec(name) ?? []
    return kind === undefined
      ? []
      : [{ kind: kind === 'pp' ? ('prefill' as const) : ('decode' as const), tokens: Number(tokens) }]
  })
  const samples = whole(query.get('samples'), 1, LIMITS.samples)
  if (tests.length > 0) {
    const given = list(query.get('depth')).flatMap((text) => whole(text, 0, LIMITS.depth) ?? [])
    const depths = given.length > 0 ? given : [0]
    const cells = depths.flatMap((depth) => tests.map((test) => ({ test, depth }))).slice(0, LIMITS.tests)
    const least = samples ?? 10
    return {
      suite: customSuite(cells, { samples: least, ms: 0 }),
      mostSamples: Math.max(least, samples ?? MOST_SAMPLES),
    }
  }
  const name = suiteNames.find((known) => known === query.get('suite'))
  return name && suiteNamed(name)
}

export function suiteNamed(name: SuiteName): Pick<RunChoice, 'suite' | 'mostSamples'> {
  return { suite: suite(name), mostSamples: MOST_SAMPLES }
}

/** Engines and models in the order in which they are measured: Pocket first. */
export function sidesOf({ model, wllama }: RunChoice): readonly CellSide[] {
  const both = (name: string, source: string, file: string): CellSide[] => [
    { engine: 'sampan', model: { name, source } },
    ...(wllama ? [{ engine: 'wllama', model: { name, source: file } } as const] : []),
  ]
  return [
    ...both('Pocket', 'pocket', pocket.href),
    ...(model === undefined ? [] : both(modelName(model), model, model)),
  ]
}

/** What people call what they typed. */
export function modelName(source: string): string {
  const last =
    source
      .replace(/[?#].*$/, '')
      .split(/[/:]/)
      .at(-1) ?? source
  return last.replace(/\.gguf$/i, '').slice(0, 100) || source.slice(0, 100)
}

function list(text: string | null): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function whole(text: string | null, least: number, most: number): number | undefined {
  if (text === null || !/^\d{1,7}$/.test(text)) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}
