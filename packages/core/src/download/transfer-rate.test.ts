import { describe, expect, it } from 'vitest'
import { seededRandom } from '../test-support/seeded-random.ts'
import { TransferRate } from './transfer-rate.ts'

/** Adds `bytes` every `step` milliseconds; resolves to the time after the last. */
function add(rate: TransferRate, from: number, until: number, step: number, bytes: () => number): void {
  for (let now = from; now < until; now += step) rate.add(bytes(), now)
}

describe('TransferRate', () => {
  it('is not known at first, nor before a byte', () => {
    const rate = new TransferRate()
    expect(rate.bytesPerSecond(5)).toBeUndefined()
    expect(rate.secondsLeft(100, 5)).toBeUndefined()
    add(rate, 0, 1_400, 100, () => 1_000)
    expect(rate.bytesPerSecond(1_400)).toBeUndefined()
    add(rate, 1_400, 1_600, 100, () => 1_000)
    expect(rate.bytesPerSecond(1_600)).toBeDefined()
  })

  it('is that of a steady stream, soon and later', () => {
    const rate = new TransferRate()
    add(rate, 0, 2_000, 10, () => 1_000)
    expect(Math.round((rate.bytesPerSecond(2_000) ?? 0) / 10_000)).toBe(10)
    add(rate, 2_000, 60_000, 10, () => 1_000)
    expect(Math.round((rate.bytesPerSecond(60_000) ?? 0) / 10_000)).toBe(10)
    expect(rate.secondsLeft(1_000_000, 60_000)).toBeCloseTo(10, 0)
    expect(rate.secondsLeft(0, 60_000)).toBe(0)
  })

  it('hardly moves for bursts and gaps that are usual', () => {
    const rate = new TransferRate()
    const random = seededRandom(3)
    let [least, most] = [Number.POSITIVE_INFINITY, 0]
    for (let now = 0; now < 120_000; now += 100) {
      rate.add(random() < 0.3 ? 300_000 : 10_000, now)
      if (now < 20_000) continue
      const value = rate.bytesPerSecond(now) ?? 0
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
    expect(most / least).toBeLessThan(1.8)
  })

  it('follows a change within half a minute', () => {
    const rate = new TransferRate()
    add(rate, 0, 30_000, 100, () => 100_000)
    add(rate, 30_000, 60_000, 100, () => 1_000)
    expect(rate.bytesPerSecond(60_000)).toBeLessThan(50_000)
  })

  it('sinks in a gap, and forgets what was before a long one', () => {
    const rate = new TransferRate()
    add(rate, 0, 20_000, 100, () => 100_000)
    const before = rate.bytesPerSecond(20_000) ?? 0
    expect(rate.bytesPerSecond(25_000)).toBeLessThan(before)
    expect(rate.bytesPerSecond(60_000)).toBeUndefined()
    rate.add(1, 3_600_000)
    expect(rate.bytesPerSecond(3_600_100)).toBeUndefined()
    add(rate, 3_600_100, 3_603_000, 100, () => 50_000)
    expect(rate.bytesPerSecond(3_603_000)).toBeCloseTo(500_000, -5)
  })

  it('tells nobody of days, nor of a clock that was set back', () => {
    const rate = new TransferRate()
    add(rate, 10_000, 20_000, 1_000, () => 1)
    expect(rate.secondsLeft(1e9, 20_000)).toBeUndefined()
    rate.add(1_000, 5_000)
    expect(rate.bytesPerSecond(5_100)).toBeUndefined()
  })
})
