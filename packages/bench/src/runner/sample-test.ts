import type { BenchModel, RunSample } from '../engines/bench-engine.ts'
import { BenchError } from '../errors.ts'
import type { BenchTest } from './bench-test.ts'
import { randomTokens } from './random-tokens.ts'

export interface TestRun {
  readonly test: BenchTest
  /** Tokens that are in the cache before. */
  readonly depth: number
  readonly seed: number
  readonly vocabularySize: number
}

/** Prompts of different repetitions must not be found in the cache. */
const REPETITION_SEEDS = 7919

/**
 * Why this test cannot be measured on this model; undefined: it can.
 */
export function unavailable({ cannot }: BenchModel, { test, depth }: TestRun): string | undefined {
  if (cannot['token-ids'] !== undefined) return cannot['token-ids']
  if (cannot['ignore-end'] !== undefined) return cannot['ignore-end']
  return test.kind === 'prefill' && depth > 0 ? cannot.reuse : undefined
}

/**
 * One sample of a test. What lies at its depth is put there before, outside the time.
 * @param repetition 0, 1, …; equal repetitions have equal prompts, whatever the engine
 * @throws BenchError `engine-misbehaved` for a sample that is none of this test; what the engine throws
 */
export async function sampleTest(
  model: BenchModel,
  { test, depth, seed, vocabularySize }: TestRun,
  repetition: number,
  signal: AbortSignal,
): Promise<RunSample> {
  const before = randomTokens(seed, depth, vocabularySize)
  if (test.kind === 'decode') {
    const prompt = depth > 0 ? before : randomTokens(seed, 1, vocabularySize)
    return checked(await model.run({ prompt, generate: test.tokens + 1, reuse: true, signal }), prompt, test.tokens + 1)
  }
  const own = randomTokens(seed + REPETITION_SEEDS * (repetition + 1), test.tokens, vocabularySize)
  const prompt = [...before, ...own]
  if (depth === 0) return checked(await model.run({ prompt, generate: 1, reuse: false, signal }), prompt, 1)
  await model.run({ prompt: before, generate: 1, reuse: true, signal })
  const sample = checked(await model.run({ prompt, generate: 1, reuse: true, signal }), prompt, 1)
  const { reused } = sample
  if (reused === undefined || reused > depth || reused < depth / 2)
    throw new BenchError(
      'engine-misbehaved',
      `Of a prompt with ${depth} tokens of depth the engine reused ${reused ?? 'an unknown number'}: the test means the prefill of the rest.`,
      { depth, reused },
    )
  return sample
}

function checked(sample: RunSample, prompt: readonly number[], generate: number): RunSample {
  const { tokenTimes, promptTokens } = sample
  if (promptTokens !== prompt.length || tokenTimes.length !== generate)
    throw new BenchError(
      'engine-misbehaved',
      `The engine read ${promptTokens} tokens and gave ${tokenTimes.length}; the test has ${prompt.length} and ${generate}.`,
    )
  if (tokenTimes.some((time, index) => !(time >= (tokenTimes[index - 1] ?? 0))))
    throw new BenchError('engine-misbehaved', 'The times of the tokens are not in order.')
  return sample
}
