import { describe, expect, it } from 'vitest'
import { smallCheckpoint } from '../packed/testing.ts'
import { planGpuBytes } from './plan-gpu-bytes.ts'
import type { GpuTraits } from './plan-types.ts'

const { checkpoint } = smallCheckpoint('BF16')
const roomy: GpuTraits = {
  limits: { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 27 },
  features: ['subgroups'],
  software: false,
}

describe('planGpuBytes', () => {
  it('counts fewer bytes for fewer bits and a shorter context', () => {
    const weights = ([4, 8, 16, 'source'] as const).map(
      (bits) => planGpuBytes(checkpoint, { bits }, roomy).afterLoad.weights,
    )
    const [four = 0, eight = 0, sixteen = 0, source] = weights
    expect(four).toBeLessThan(eight)
    expect(eight).toBeLessThan(sixteen)
    expect(source).toBe(sixteen)
    const long = planGpuBytes(checkpoint, { prefixCacheBytes: 0 }, roomy)
    const short = planGpuBytes(checkpoint, { prefixCacheBytes: 0, contextLength: 16 }, roomy)
    expect([long.contextLength, short.contextLength]).toEqual([64, 16])
    expect(short.atFullContext).toBeLessThan(long.atFullContext)
    // The first cache is for the whole of so short a context.
    expect(long.atFullContext).toBe(long.afterLoad.total)
    expect(planGpuBytes(checkpoint, { prefixCacheBytes: 1000 }, roomy).atFullContext).toBe(long.atFullContext + 1000)
    // Four contexts of one layer's keys and values as f16.
    expect(planGpuBytes(checkpoint, {}, roomy).atFullContext).toBe(long.atFullContext + 4 * 64 * 2 * 128 * 2)
    expect(planGpuBytes(checkpoint, { keyValueType: 'f32' }, roomy).afterLoad.keyValue).toBeGreaterThan(
      long.afterLoad.keyValue,
    )
  })

  it('divides what passes a limit, and tells what cannot be divided as data', () => {
    const limited = (bytes: number): GpuTraits => ({
      ...roomy,
      software: true,
      limits: { maxBufferSize: bytes, maxStorageBufferBindingSize: bytes },
    })
    const whole = planGpuBytes(checkpoint, { bits: 16 }, limited(2 ** 27))
    const divided = planGpuBytes(checkpoint, { bits: 16 }, limited(100_000))
    expect(divided.problems).toEqual([])
    expect(whole.largestBuffer).toBeGreaterThan(100_000)
    expect(divided.largestBuffer).toBeLessThanOrEqual(100_000)
    expect(divided.afterLoad.total / whole.afterLoad.total).toBeLessThan(1.02)

    const { problems } = planGpuBytes(checkpoint, { bits: 16 }, limited(20_000))
    expect(problems.length).toBeGreaterThan(0)
    for (const { code, details } of structuredClone(problems)) {
      expect(code).toBe('device-limit-exceeded')
      expect(details['limit']).toBe(20_000)
      expect(details['needed']).toBeGreaterThan(20_000)
    }
  })

  it('is shorter of context where a buffer holds less, and refuses options as the load does', () => {
    const config = { ...checkpoint.config, contextLength: 1_000_000 }
    const plan = planGpuBytes({ ...checkpoint, config }, {}, roomy)
    expect(plan.contextLength).toBe(2 ** 27 / (4 * 64))
    expect(() => planGpuBytes(checkpoint, { contextLength: 0 }, roomy)).toThrow(/contextLength/)
    const bits: number = 3
    // @ts-expect-error: JavaScript may ask for anything
    expect(() => planGpuBytes(checkpoint, { bits }, roomy)).toThrow(/bits/)
    const vast = { ...checkpoint.config, architecture: 'mamba' }
    expect(() => planGpuBytes({ ...checkpoint, config: vast }, {}, roomy)).toThrow(/mamba/)
  })
})
