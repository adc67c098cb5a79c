import { normal, randomSource } from '../../statistics/test-support/noise.ts'
import type { Measurement, ResultDraft, ResultEngine, RowDraft, RowSample } from '../result-types.ts'

const random = randomSource(7)

/** Times with noise of 3 %, to the tenth of a microsecond. */
function noisy(ms: number): number {
  return Math.round(ms * (1 + 0.03 * normal(random)) * 1e4) / 1e4
}

export function decodeSample(index: number, tokens: number, msPerToken: number, depth = 0): RowSample {
  const pace = noisy(msPerToken)
  const tokenTimes = Array.from({ length: tokens + 1 }, (_, token) => Math.round((40 + pace * token) * 1e4) / 1e4)
  const ms = tokenTimes.at(-1) ?? 0
  return {
    startedMs: 3_000 * index,
    ms,
    tokenTimes,
    engineTimes: tokenTimes.map((time) => Math.max(0, time - 2)),
    promptTokens: Math.max(1, depth),
    reused: 0,
    gpuMs: Math.round(ms * 0.8),
    counters: { dispatches: 9_000, submits: 130, bindGroups: 0, readbacks: 129, readbackBytes: 516 },
  }
}

export function prefillSample(index: number, tokens: number, ms: number, depth = 0): RowSample {
  const first = noisy(ms)
  return { startedMs: 1_000 * index, ms: first, tokenTimes: [first], promptTokens: depth + tokens, reused: depth }
}

export function repeat(count: number, sample: (index: number) => RowSample): RowSample[] {
  return Array.from({ length: count }, (_, index) => sample(index))
}

export function measurement(median: number): Measurement {
  return { median, samples: [median * 0.98, median, median * 1.01] }
}

const adapter = {
  vendor: 'nvidia',
  architecture: 'hopper',
  description: 'A card, “quoted”, 100 %',
  software: false,
  features: ['shader-f16', 'subgroups'],
}

const sampan: ResultEngine = {
  engine: 'sampan',
  model: 'Pocket',
  source: 'pocket',
  identity: {
    version: '0.1.0',
    commit: '0123abc',
    device: 'gpu',
    adapter,
    model: {
      architecture: 'llama',
      parameters: 6_300_000,
      prefillParameters: 4_200_000,
      weightBytes: 6_000_000,
      bitsPerWeight: 8.5,
      quantization: 'Q8_0',
      hash: 'sha256:aa',
      keyValueBytesPerToken: 4_096,
      vocabularySize: 4_096,
    },
    load: [
      { phase: 'download', ms: 12 },
      { phase: 'compile', ms: 300 },
    ],
  },
}

const { adapter: _, ...onCpu } = sampan.identity
const wllama: ResultEngine = {
  ...sampan,
  engine: 'wllama',
  identity: { ...onCpu, device: 'cpu', version: '2.3.4', threads: 4 },
}

const agreement = { reference: 'pocket.reference.json', positions: 400, agreeing: 399 }
const cell = { engine: 'sampan', model: 'Pocket', depth: 0 } as const

export const sampleRows: readonly RowDraft[] = [
  {
    ...cell,
    test: 'tg128',
    status: 'measured',
    warmUp: decodeSample(0, 128, 9),
    samples: repeat(10, (index) => decodeSample(index, 128, 2)),
    agreement,
    memory: { weights: 6_000_000, keyValue: 1_000_000, total: 7_500_000 },
    frames: { frames: 120, p50Ms: 16.7, p95Ms: 17.1, maxMs: 33.4 },
  },
  {
    ...cell,
    engine: 'wllama',
    test: 'tg128',
    status: 'measured',
    samples: repeat(10, (index) => decodeSample(index, 128, 4)),
    agreement: { ...agreement, agreeing: 300 },
  },
  {
    ...cell,
    test: 'pp512',
    status: 'measured',
    samples: repeat(10, (index) => prefillSample(index, 512, 60)),
    agreement,
  },
  {
    ...cell,
    test: 'pp512',
    depth: 2_048,
    status: 'measured',
    samples: repeat(10, (index) => prefillSample(index, 512, 80, 2_048)),
  },
  { ...cell, engine: 'wllama', test: 'pp512', status: 'not-available', reason: 'wllama keeps no cache.', samples: [] },
  { ...cell, test: 'tg128', depth: 8_192, status: 'failed', reason: 'Device lost:\n=cmd|"calc"', samples: [] },
  {
    ...cell,
    test: 'tg128',
    depth: 512,
    status: 'aborted',
    reason: 'Ended by the user.',
    samples: [decodeSample(0, 128, 2, 512)],
  },
]

export function sampleDraft(changes: Partial<ResultDraft> = {}): ResultDraft {
  return {
    runId: 'run-1',
    startedAt: '2026-11-22T20:00:00.000Z',
    endedAt: '2026-11-22T20:03:00.000Z',
    aborted: false,
    harness: { version: '0.1.0', commit: '0123abc' },
    suite: {
      name: 'quick',
      version: '1',
      seed: 1,
      tests: [
        { test: 'tg128', depth: 0 },
        { test: 'pp512', depth: 0 },
      ],
      minimum: { samples: 10, ms: 10_000 },
    },
    machine: {
      runtime: { kind: 'simulation', name: 'vitest' },
      os: { name: 'Linux', version: '6' },
      cores: 8,
      declaredGpu: 'Card 9000',
      adapter,
    },
    conditions: {
      timerResolutionMs: 0.005,
      crossOriginIsolated: true,
      developerFeatures: false,
      visibility: 'visible',
    },
    roofline: {
      adapter,
      copy: [
        { bytes: 6_000_000, gigabytesPerSecond: measurement(50) },
        { bytes: 1_000_000_000, gigabytesPerSecond: measurement(20) },
      ],
      gemm: [
        { type: 'f32', m: 512, n: 512, k: 512, gigaflops: measurement(400) },
        { type: 'f16', m: 512, n: 512, k: 512, gigaflops: measurement(700) },
      ],
      matvec: [{ type: 'f32', rows: 512, columns: 512, gigabytesPerSecond: measurement(30) }],
      emptyDispatchUs: measurement(3),
      notAvailable: [{ what: 'int-dot', reason: 'The device has no packed 4x8 products.' }],
    },
    engines: [sampan, wllama],
    rows: sampleRows,
    comparisons: [
      { base: 1, other: 0, pairs: Array.from({ length: 10 }, (_, index): [number, number] => [index, index]) },
    ],
    ...changes,
  }
}
