import { BenchError } from '../errors.ts'
import { type BenchTest, readTestName } from '../runner/bench-test.ts'
import type { RowSample } from './result-types.ts'

/**
 * Tokens per second of one sample. Of `tg`: (n − 1) / (last − first), so that neither the prompt nor the way to the first token is in it.
 * Of `pp`: what of the prompt was computed, by the time to the first token; where an engine does not tell what it took over, the tokens
 * that the test names, which never says too much.
 * @throws BenchError `statistics-invalid` where no time passed, tokens are missing or their times go backwards
 */
export function sampleRate({ test, depth }: { test: string; depth: number }, sample: RowSample): number {
  return check(testOf(test), depth, sample, sample.tokenTimes)
}

/** The same by the engine's own clock, where it has one. */
export function engineRate({ test, depth }: { test: string; depth: number }, sample: RowSample): number | undefined {
  const { engineTimes } = sample
  if (engineTimes === undefined || engineTimes.length !== sample.tokenTimes.length) return undefined
  return check(testOf(test), depth, sample, engineTimes)
}

/** Milliseconds that count: from the first to the last token of `tg`, to the first of `pp`. */
export function timedMs({ test }: { test: string }, { tokenTimes }: RowSample): number {
  const first = tokenTimes[0] ?? 0
  return testOf(test).kind === 'prefill' ? first : (tokenTimes.at(-1) ?? 0) - first
}

export function testOf(name: string): BenchTest {
  const test = readTestName(name)
  if (!test) throw new BenchError('statistics-invalid', `“${name}” is no test such as pp512 or tg128.`)
  return test
}

function check(test: BenchTest, depth: number, sample: RowSample, times: readonly number[]): number {
  if (times.some((time, index) => time < (times[index - 1] ?? 0)))
    throw new BenchError('statistics-invalid', 'The times of the tokens are not in order.')
  const first = times[0] ?? 0
  switch (test.kind) {
    case 'prefill': {
      const { promptTokens, reused } = sample
      if (promptTokens !== depth + test.tokens || (reused ?? 0) >= promptTokens)
        throw new BenchError(
          'statistics-invalid',
          `Of a prompt of ${promptTokens} tokens ${reused ?? 0} were taken over: that is not ${test.tokens} behind ${depth}.`,
        )
      return perSecond(reused === undefined ? test.tokens : promptTokens - reused, first)
    }
    case 'decode':
      if (times.length !== test.tokens + 1)
        throw new BenchError(
          'statistics-invalid',
          `${times.length} tokens were generated; the test needs ${test.tokens + 1}.`,
        )
      return perSecond(test.tokens, (times.at(-1) ?? 0) - first)
  }
}

function perSecond(tokens: number, ms: number): number {
  if (!(ms > 0))
    throw new BenchError(
      'statistics-invalid',
      'All tokens came at once, by this clock: the engine gives them in one piece, or the clock is too coarse for so small a model.',
    )
  return (1000 * tokens) / ms
}
