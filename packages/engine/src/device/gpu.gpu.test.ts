import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bufferUsage } from './buffer-usage.ts'
import type { Gpu } from './gpu.ts'
import { requestGpu } from './request-device.ts'

describe('what a device refuses', () => {
  let gpu: Gpu
  beforeEach(async () => {
    gpu = await requestGpu()
  })
  afterEach(() => gpu.destroy())

  it('is told for a kernel that does not compile, by its name', async () => {
    await expect(gpu.pipeline('broken', 'fn nothing() { this is no WGSL }')).rejects.toMatchObject({
      code: 'device-validation-failed',
      details: { label: 'broken' },
    })
  })

  it('is told at the next wait for a command that is not valid', async () => {
    const small = gpu.createBuffer('state', { size: 16, usage: bufferUsage.copyDestination })
    gpu.write(small, 16, new Uint32Array(4))
    await expect(gpu.idle()).rejects.toMatchObject({ code: 'device-validation-failed' })
    expect(() => gpu.check()).toThrow(expect.objectContaining({ code: 'device-validation-failed' }))
  })

  it('is told before a buffer is made that passes its limits', () => {
    const size = gpu.device.limits.maxBufferSize + 4
    const usage = bufferUsage.copyDestination
    expect(() => gpu.createBuffer('weights', { label: 'huge', size, usage })).toThrow(
      expect.objectContaining({ code: 'device-limit-exceeded', details: { needed: size, limit: size - 4 } }),
    )
    expect(gpu.ledger.snapshot().total).toBe(0)
  })
})
