import { expect, it } from 'vitest'
import { type SimulatedDevice, SimulatedGpu, simulatedLayers } from './simulated-gpu.ts'
import { StepDivision } from './step-division.ts'
import { hardwareLimits, softwareLimits } from './submit-limits.ts'
import { type Priority, SubmitPacer } from './submit-pacer.ts'

const layers = simulatedLayers(24).flat()

interface Run {
  readonly tokens?: number
  readonly depth?: number
  readonly priority?: Priority
  /** A token after which the host does nothing for a while. */
  readonly stall?: number
}

/** Decodes on a simulated device, whose speed is the milliseconds of a step. */
async function play(
  step: number | ((now: number) => number),
  { tokens = 60, depth = 2, priority = 'normal', stall = -1 }: Run = {},
  other: Omit<SimulatedDevice, 'speed'> = {},
  limits = hardwareLimits,
) {
  const gpu = new SimulatedGpu({ speed: (now) => (typeof step === 'number' ? step : step(now)) / 210, ...other })
  const pacer = new SubmitPacer(gpu, limits, other.tick ?? other.delay ?? 0.4)
  const division = new StepDivision(pacer)
  const counts: number[] = []
  const begun = gpu.now
  await gpu.run(async () => {
    const readings: Promise<void>[] = []
    for (let token = 0; token < tokens; token += 1) {
      if (priority === 'background') await pacer.rest(undefined)
      const slices = division.cut(layers, 20 + token, true, priority)
      counts.push(slices.length)
      for (const [index, { steps, tracked }] of slices.entries()) {
        if (index > 0 && priority === 'background') await pacer.rest(undefined)
        gpu.submit(steps, 1, 20 + token)
        const ended = gpu.idle()
        pacer.follow(tracked, ended)
        if (index === slices.length - 1) readings.push(ended)
      }
      if (readings.length >= depth) await readings.shift()
      if (token === stall) gpu.now += 120
    }
    await gpu.idle()
  })
  return { gpu, counts, busy: gpu.worked / (gpu.now - begun) }
}

it.each([
  ['fast', 4, {}, {}],
  ['nearly too slow', 14, {}, {}],
  ['interrupted', 4, { stall: 30 }, {}],
  ['late to tell', 4, { depth: 2 }, { tick: 100, resolution: 1 }],
  ['late to tell of many', 4, { depth: 16 }, { tick: 100, resolution: 1 }],
])('leaves a step whole on a GPU that is %s', async (_, step, run, device) => {
  const { counts } = await play(step, run, device)
  expect(new Set(counts)).toEqual(new Set([1]))
})

it.each([
  ['50 ms', 50, {}, {}],
  ['50 ms by a clock of 1 ms', 50, {}, { resolution: 1 }],
  ['300 ms', 300, {}, {}],
  ['50 ms on a device that answers every 100 ms', 50, { depth: 4 }, { tick: 100, resolution: 1 }],
])('divides a step of %s once that is known, at no cost', async (_, step, run, device) => {
  const { gpu, counts, busy } = await play(step, run, device)
  const whole = counts.lastIndexOf(1) + 1
  expect(whole).toBeLessThanOrEqual(10)
  expect(Math.max(...gpu.submits.slice(whole).map(({ milliseconds }) => milliseconds))).toBeLessThan(16)
  expect(counts.at(-1)).toBeLessThan(step / 6)
  expect(busy).toBeGreaterThan(0.96)
})

it('puts a step together again when it has become faster', async () => {
  const { counts } = await play((now) => (now < 2000 ? 5 : now < 4000 ? 60 : 5), { tokens: 400 })
  expect(counts[0]).toBe(1)
  expect(Math.max(...counts)).toBeGreaterThan(4)
  expect(new Set(counts.slice(-100))).toEqual(new Set([1]))
})

it('is at rest half of the time in the background', async () => {
  const fast = await play(4, { priority: 'background' })
  expect(fast.busy).toBeLessThan(0.5)
  expect(new Set(fast.counts)).toEqual(new Set([1]))
  const slow = await play(50, { priority: 'background' })
  expect(slow.busy).toBeLessThan(0.5)
  expect(Math.max(...slow.gpu.submits.slice(5).map(({ milliseconds }) => milliseconds))).toBeLessThan(8)
})

it('divides nothing on a software adapter', async () => {
  const { counts } = await play(500, { tokens: 20 }, {}, softwareLimits)
  expect(new Set(counts)).toEqual(new Set([1]))
})
