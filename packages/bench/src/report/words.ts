import type { ResultEngine, ResultRow, RowFlag, UnrankedReason } from '../result/result-types.ts'

/** What each flag says, to a reader of a table. */
export const flagWords: Readonly<Record<RowFlag, string>> = {
  disagrees: 'under 98 % of the answers are the reference’s',
  unchecked: 'the answers were not checked',
  'over-roofline': 'more than was measured of the device itself',
  hidden: 'the page was hidden',
  'not-reused': 'the engine computed the tokens at its depth again',
  'software-adapter': 'the GPU is a program on the CPU',
  'developer-features': 'WebGPU’s developer features were on',
  spread: 'the samples spread over more than 25 %',
  drift: 'the speed went one way through the samples',
  'first-outlier': 'the first sample stands apart',
  'few-samples': 'fewer than ten samples',
  'coarse-timer': 'the clock steps by over 1 % of a sample',
  'engine-clock-disagrees': 'the engine’s own clock differs by over 15 %',
}

export const unrankedWords: Readonly<Record<UnrankedReason, string>> = {
  'not-measured': 'not measured',
  'no-interval': 'fewer than six samples',
  hidden: flagWords.hidden,
  'not-reused': flagWords['not-reused'],
  unchecked: flagWords.unchecked,
  disagrees: flagWords.disagrees,
}

/** As llama-bench writes it: `tg128 @ d2048`. */
export function testText({ test, depth }: Pick<ResultRow, 'test' | 'depth'>): string {
  return depth === 0 ? test : `${test} @ d${depth}`
}

/** An engine, with its build where two of them were compared. */
export function engineText({ engine, build }: Pick<ResultRow, 'engine' | 'build'>): string {
  return build === undefined ? engine : `${engine} (${build})`
}

/** Where the engine ran, as far as it tells. */
export function deviceText({ identity }: ResultEngine, declaredGpu?: string): string {
  const { device, adapter, threads } = identity
  switch (device) {
    case 'gpu': {
      const told = adapter && (adapter.description || [adapter.vendor, adapter.architecture].filter(Boolean).join(' '))
      return [declaredGpu ?? (told || 'GPU'), adapter?.software ? '(software)' : ''].filter(Boolean).join(' ')
    }
    case 'cpu':
      return threads === undefined ? 'CPU' : `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
    case 'server':
      return 'server'
  }
}

/** Of a speed: two decimals below a hundred, one below a thousand, then none. */
export function speedText(tokensPerSecond: number): string {
  return tokensPerSecond.toFixed(tokensPerSecond < 100 ? 2 : tokensPerSecond < 1000 ? 1 : 0)
}

export function percentText(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`
}
