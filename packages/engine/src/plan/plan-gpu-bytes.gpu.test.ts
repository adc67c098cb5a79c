import { describe, expect, it } from 'vitest'
import { goldenCases } from '../../../../test/golden/golden.ts'
import { readGoldenData } from '../../../../test/golden/golden-data.ts'
import { chooseRoute, hardwareRoute, type Route } from '../decode/route.ts'
import type { Gpu } from '../device/gpu.ts'
import type { LoadEngineOptions } from '../engine-types.ts'
import { loadEngineOn } from '../load-engine.ts'
import { planGpuBytes } from './plan-gpu-bytes.ts'

const cases = await goldenCases(readGoldenData)
/** With SAMPAN_SOAK, all of them and the kernels of real GPUs, which a CPU compiles for minutes. */
const soak = 'process' in globalThis && process.env['SAMPAN_SOAK'] !== undefined
const chosenCases = cases.filter(({ name }) => soak || name === 'qwen3-untied')

type Run = readonly [name: string, route: (gpu: Gpu) => Route, options: LoadEngineOptions]
const software: Run = ['a CPU', chooseRoute, {}]
const hardware: Run = ['a GPU', (gpu) => hardwareRoute(gpu), { bits: 'source', contextLength: 300 }]

/** Uniforms of a matrix whose values are too large for its first format are made again: known only when it is loaded. */
const mostUniformBytes = 1024

describe.each(chosenCases.map((entry) => ({ name: entry.name, entry })))('the plan of $name', ({ entry }) => {
  it.each(soak ? [software, hardware] : [software])('is what the ledger reads, on %s', async (name, route, options) => {
    const adapter = await navigator.gpu.requestAdapter()
    if (!adapter) throw new Error('no adapter')
    const { limits } = adapter
    const traits = { limits, features: [...adapter.features], software: name === 'a CPU' }
    const plan = planGpuBytes(await entry.open(), options, traits)
    const engine = await loadEngineOn(route, await entry.open(), options)
    try {
      const { state, total, ...others } = engine.ledger()
      expect(plan.afterLoad).toMatchObject(others)
      const extra = entry.name === 'qwen2-planted' ? mostUniformBytes : 0
      expect(total - plan.afterLoad.total).toBeLessThanOrEqual(extra)
      expect(plan.afterLoad.state).toBeLessThanOrEqual(state)
      expect(total).toBeGreaterThanOrEqual(plan.afterLoad.total)
      expect(plan.contextLength).toBe(engine.contextLength)
      expect(plan.problems).toEqual([])
    } finally {
      await engine.dispose()
    }
  })
})
