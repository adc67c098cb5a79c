import type { Suite } from '../result/result-types.ts'
import { type BenchTest, readTestName, testName } from './bench-test.ts'

/** Goes up when a suite's tests or its method change: results of different versions are not repetitions of one another. */
export const SUITE_VERSION = '1'

/** As the field does, so that runs on different days are of the same tokens. */
const SEED = 20_261_122

export interface TestAtDepth {
  readonly test: BenchTest
  readonly depth: number
}

function named(tests: readonly string[], depths: readonly number[]): Suite['tests'] {
  return depths.flatMap((depth) => tests.map((test) => ({ test, depth })))
}

const suites = {
  /** Minutes on a laptop's GPU with a small model. */
  quick: { tests: [...named(['pp128', 'tg32'], [0]), ...named(['tg32'], [512])], minimum: { samples: 10, ms: 0 } },
  standard: { tests: named(['pp512', 'tg128'], [0, 512, 2048]), minimum: { samples: 10, ms: 10_000 } },
  depth: { tests: named(['pp512', 'tg128'], [0, 512, 2048, 4096, 8192]), minimum: { samples: 10, ms: 10_000 } },
} as const

export type SuiteName = keyof typeof suites

export const suiteNames: readonly SuiteName[] = ['quick', 'standard', 'depth']

export function suite(name: SuiteName): Suite {
  return { name, version: SUITE_VERSION, seed: SEED, ...suites[name] }
}

/** Tests of one's own, such as `pp64` or `tg16` at depths of one's own. */
export function customSuite(tests: readonly TestAtDepth[], minimum: Suite['minimum']): Suite {
  return {
    ...{ name: 'custom', version: SUITE_VERSION, seed: SEED, minimum },
    tests: tests.map(({ test, depth }) => ({ test: testName(test), depth })),
  }
}

export function testsOf({ tests }: Suite): readonly TestAtDepth[] {
  return tests.flatMap(({ test: name, depth }) => {
    const test = readTestName(name)
    return test ? [{ test, depth }] : []
  })
}
