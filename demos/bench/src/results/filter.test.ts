import type { BenchResult, ResultRow } from '@sampan/bench'
import { describe, expect, it } from 'vitest'
import { choices, filtered } from './filter.ts'
import { ResultStore } from './result-store.ts'

function row(engine: 'sampan' | 'wllama', model: string): ResultRow {
  return { engine, model, test: 'tg8', depth: 0, status: 'failed', reason: 'A row of a test.', samples: [] }
}

function run(runId: string, gpu: string | undefined, rows: readonly ResultRow[]): BenchResult {
  return {
    ...{ schema: 'sampan-bench/1', runId, aborted: false, configuration: '0'.repeat(16), comparisons: [], rows },
    startedAt: '2026-11-22T20:00:00Z',
    endedAt: '2026-11-22T20:01:00Z',
    harness: { version: '0' },
    suite: { name: 'custom', version: '1', seed: 1, tests: [], minimum: { samples: 1, ms: 0 } },
    machine: { runtime: { kind: 'browser', name: 'Firefox' }, ...(gpu !== undefined && { declaredGpu: gpu }) },
    conditions: { timerResolutionMs: 1 },
    engines: [
      {
        engine: 'sampan',
        model: 'M',
        identity: { version: '0', device: 'gpu', model: { quantization: 'Q4_K_M' }, load: [] },
      },
    ],
  }
}

const store = new ResultStore()
const first = store.add(run('1', 'Card', [row('sampan', 'M'), row('wllama', 'M')]), 'a.json')
const second = store.add(run('2', undefined, [row('sampan', 'N')]), 'b.json')

describe('filters', () => {
  it('let rows through that pass all of them, and leave out runs without one', () => {
    expect(filtered(store.entries, {}).map(({ rows }) => rows.length)).toEqual([2, 1])
    expect(filtered(store.entries, { gpu: 'Card', engine: 'wllama' })).toEqual([
      { entry: first, rows: [row('wllama', 'M')] },
    ])
    expect(filtered(store.entries, { quantization: 'Q4_K_M' }).map(({ rows }) => rows)).toEqual([[row('sampan', 'M')]])
    expect(filtered(store.entries, { model: 'nothing' })).toEqual([])
  })

  it('offer what the other filters leave, and always what is chosen', () => {
    expect(choices(store.entries, {}, 'model')).toEqual(['M', 'N'])
    expect(choices(store.entries, { gpu: 'Card' }, 'model')).toEqual(['M'])
    expect(choices(store.entries, { gpu: 'Card', model: 'N' }, 'model')).toEqual(['M', 'N'])
    expect(choices(store.entries, {}, 'gpu')).toEqual(['Card'])
  })
})

describe('what is loaded', () => {
  it('is there once, however often its file is', () => {
    expect(store.add(run('2', undefined, [row('sampan', 'N')]), 'again.json')).toBe(second)
    expect(store.entries).toHaveLength(2)
  })

  it('keeps files apart that say the same run id', () => {
    expect(store.add(run('1', 'Other card', []), 'c.json').id).toBe('1 (2)')
  })
})
