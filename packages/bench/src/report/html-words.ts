import type { ResultRow, RowFlag, RowStatus, UnrankedReason } from '../result/result-types.ts'
import { flagWords, unrankedWords } from './words.ts'

/** What a report says in a language. */
export interface ReportWords {
  /** BCP 47. */
  readonly language: string
  readonly title: string
  readonly introduction: string
  readonly simulated: string
  readonly software: string
  readonly endedEarly: string
  readonly flags: Readonly<Record<RowFlag, string>>
  readonly unranked: Readonly<Record<UnrankedReason, string>>
  readonly status: Readonly<Record<Exclude<RowStatus, 'measured'>, string>>
  readonly notRanked: (reasons: string) => string
  readonly contents: string
  readonly rows: string
  readonly rowsOf: (model: string) => string
  readonly noRows: string
  readonly rank: string
  readonly test: string
  readonly engine: string
  readonly weights: string
  readonly bitsPerWeight: (bits: string) => string
  readonly speed: string
  readonly interval: string
  readonly firstToken: string
  readonly betweenTokens: string
  readonly frames: string
  readonly roofline: string
  readonly agreement: string
  readonly notes: string
  readonly noInterval: string
  readonly machine: string
  readonly facts: {
    readonly gpu: string
    readonly gpuByUser: string
    readonly browser: string
    readonly system: string
    readonly cores: string
    readonly memory: string
    readonly clock: string
    readonly isolated: string
    readonly developer: string
    readonly suite: string
    readonly harness: string
    readonly when: string
    readonly run: string
    readonly configuration: string
    readonly note: string
  }
  readonly yes: string
  readonly no: string
  readonly cpu: string
  readonly server: string
  readonly threads: (count: number) => string
  readonly gigabytes: (amount: string) => string
  readonly comparisons: string
  readonly ratio: (other: string, ratio: string, base: string) => string
  readonly intervalOf: (low: string, high: string) => string
  readonly pairs: (count: number) => string
  readonly caveatUnranked: (engine: string, reasons: string) => string
  readonly caveatBits: (bits: string, otherBits: string) => string
  readonly caveatUnknownBits: string
  readonly probe: string
  readonly probeOf: {
    readonly copy: (size: string) => string
    readonly gemm: (type: string, shape: string) => string
    readonly matvec: (type: string, shape: string) => string
    readonly emptyDispatch: string
    readonly submit: string
    readonly mapAsync: string
  }
  readonly measured: string
  readonly what: string
  readonly notAvailable: string
  readonly plots: {
    readonly depth: string
    readonly depthAxis: string
    readonly latency: string
    readonly latencyAxis: string
    readonly latencyKey: string
    readonly share: string
    readonly shareOf: Readonly<Record<'copy' | 'gemm', string>>
    readonly samples: (test: string) => string
    readonly samplesAxis: string
    readonly more: (count: number) => string
  }
  readonly made: (version: string) => string
}

/** Columns' names and sentences in English. */
export const englishWords: ReportWords = {
  language: 'en',
  title: 'Tokens per second',
  introduction:
    'Medians with their 95 % intervals. Rows that are not ranked stand behind those that are, with the reason; nothing is left out.',
  simulated: 'Simulated: no machine was measured.',
  software: 'The GPU here is a program on the CPU: these numbers say nothing about any GPU.',
  endedEarly: 'The run was ended early.',
  flags: flagWords,
  unranked: unrankedWords,
  status: { refused: 'refused', failed: 'failed', aborted: 'ended early', 'not-available': 'n/a' },
  notRanked: (reasons) => `Not ranked: ${reasons}.`,
  contents: 'Runs',
  rows: 'Measurements',
  rowsOf: (model) => `${model}: tokens per second, the fastest of each test first`,
  noRows: 'This run has no rows.',
  rank: 'Rank',
  test: 'Test',
  engine: 'Engine',
  weights: 'Weights',
  bitsPerWeight: (bits) => `${bits} bits/weight`,
  speed: 'Tokens/s',
  interval: '95 % interval',
  firstToken: 'First token',
  betweenTokens: 'Between tokens (p50, p95, p99)',
  frames: 'page’s frames, p95:',
  roofline: 'Of the roofline',
  agreement: 'Agreement',
  notes: 'Notes',
  noInterval: 'no interval',
  machine: 'Machine and conditions',
  facts: {
    gpu: 'GPU, as WebGPU tells it',
    gpuByUser: 'GPU, as its owner calls it',
    browser: 'Browser',
    system: 'System',
    cores: 'Processor cores',
    memory: 'Memory, as the browser tells it',
    clock: 'Smallest step of the clock',
    isolated: 'Cross-origin isolated',
    developer: 'WebGPU developer features',
    suite: 'Suite',
    harness: 'Harness',
    when: 'Measured',
    run: 'Run',
    configuration: 'Configuration',
    note: 'Note',
  },
  yes: 'yes',
  no: 'no',
  cpu: 'CPU',
  server: 'server',
  threads: (count) => `${count} ${count === 1 ? 'thread' : 'threads'}`,
  gigabytes: (amount) => `${amount} GiB`,
  comparisons: 'Engines compared, sample by sample in turns',
  ratio: (other, ratio, base) => `${other} runs at ${ratio} × the speed of ${base}`,
  intervalOf: (low, high) => `95 % interval ${low} to ${high}`,
  pairs: (count) => `${count} ${count === 1 ? 'pair' : 'pairs'}`,
  caveatUnranked: (engine, reasons) => `${engine} is not ranked: ${reasons}`,
  caveatBits: (bits, otherBits) => `not the same work: ${bits} and ${otherBits} bits per weight`,
  caveatUnknownBits: 'whether both ran the same bits per weight is not known',
  probe: 'What the device can do, measured in the same run',
  probeOf: {
    copy: (size) => `Copy, ${size} touched again and again`,
    gemm: (type, shape) => `Matrix product, ${type}, ${shape}`,
    matvec: (type, shape) => `Matrix times vector, ${type}, ${shape}`,
    emptyDispatch: 'Empty dispatch',
    submit: 'Submit',
    mapAsync: 'mapAsync',
  },
  measured: 'Median',
  what: 'What',
  notAvailable: 'n/a',
  plots: {
    depth: 'Decoding against depth: tokens/s, with 95 % intervals',
    depthAxis: 'tokens of context before (not to scale)',
    latency: 'Times between tokens',
    latencyAxis: 'milliseconds (logarithmic)',
    latencyKey: 'Dot: p50. Thick to p95, thin to p99, dotted to the longest.',
    share: 'Share of what the device can do',
    shareOf: { copy: 'bandwidth', gemm: 'matrix product' },
    samples: (test) => `Every sample of ${test}: tokens/s`,
    samplesAxis: 'seconds since the run began',
    more: (count) => `${count} more are in the file and not drawn.`,
  },
  made: (version) => `Made by Sampan’s harness ${version}. Nothing in this file is fetched from anywhere.`,
}

/** What must be known of a row, in the report's language: why it is not ranked first. */
export function rowNotes(row: ResultRow, words: ReportWords): readonly string[] {
  if (row.status !== 'measured') {
    const flags = row.derived?.flags ?? []
    return [`${words.status[row.status]}: ${row.reason}`, ...flags.map((flag) => words.flags[flag])]
  }
  const { unranked, flags } = row.derived
  const barring: readonly string[] = unranked
  const others = flags.filter((flag) => !barring.includes(flag)).map((flag) => words.flags[flag])
  const reasons = unranked.map((reason) => words.unranked[reason])
  return [...(reasons.length > 0 ? [words.notRanked(reasons.join(', '))] : []), ...others]
}
