import { describe, expect, it } from 'vitest'
import { throttleProgress } from '../worker/progress-throttle.ts'
import { ProgressMeter } from './progress-meter.ts'

describe('ProgressMeter', () => {
  it('never falls, whatever order phases report in, and ends at one', () => {
    const meter = new ProgressMeter()
    const told = [
      meter.update({ phase: 'open', loaded: 0, total: 1 }),
      meter.update({ phase: 'open', loaded: 1, total: 1 }),
      meter.update({ phase: 'compile', loaded: 3, total: 10 }),
      meter.update({ phase: 'weights', loaded: 50, total: 100 }),
      meter.update({ phase: 'weights', loaded: 10, total: 100 }),
      meter.update({ phase: 'compile', loaded: 10, total: 10 }),
      meter.update({ phase: 'weights', loaded: 100, total: 100 }),
      meter.finish(),
    ]
    const fractions = told.map(({ fraction }) => fraction)
    const weights = told.filter(({ phase }) => phase === 'weights').map(({ loaded }) => loaded)
    expect(weights).toEqual([50, 50, 100, 100])
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(fractions[0]).toBe(0)
    expect(fractions.at(-1)).toBe(1)
    expect(fractions.at(-2)).toBeLessThan(1)
  })
})

describe('throttleProgress', () => {
  it('keeps the first and the last of every phase', () => {
    const sent: string[] = []
    const report = throttleProgress(({ phase, loaded }) => sent.push(`${phase} ${loaded}`))
    for (const phase of ['weights', 'compile'] as const)
      for (let loaded = 0; loaded <= 1000; loaded++) report({ phase, loaded, total: 1000 })
    expect(sent).toEqual(expect.arrayContaining(['weights 0', 'weights 1000', 'compile 0', 'compile 1000']))
    expect(sent.length).toBeLessThan(100)
  })
})
