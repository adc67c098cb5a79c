import { describe, expect, it } from 'vitest'
import { type SimulatedDevice, SimulatedGpu, type SimulatedStep, simulatedLayers } from './simulated-gpu.ts'
import { hardwareLimits, softwareLimits } from './submit-limits.ts'
import { type Priority, SubmitPacer } from './submit-pacer.ts'

interface Prompt {
  readonly tokens: number
  readonly start?: number
  readonly priority?: Priority
  readonly signal?: AbortSignal
}

/** `layer`: milliseconds of a layer for 128 tokens. */
function deviceOf(
  layer: number | ((now: number) => number),
  other: Omit<SimulatedDevice, 'speed'> = {},
): SimulatedDevice {
  return { speed: (now) => (typeof layer === 'number' ? layer : layer(now)) / 35, ...other }
}

/** Prefill on a simulated device. `busy`: its share of the last prompt's time. */
async function play(device: SimulatedDevice, prompts: readonly Prompt[], limits = hardwareLimits) {
  const gpu = new SimulatedGpu(device)
  const pacer = new SubmitPacer(gpu, limits, device.tick ?? device.delay ?? 0.4)
  const layers = simulatedLayers(24)
  const pieces = limits.divides ? layers.flat().map((step) => [step]) : layers
  const batches: number[] = []
  let [begun, worked] = [0, 0]
  await gpu.run(async () => {
    for (const { tokens, start = 0, priority, signal } of prompts) {
      begun = gpu.now
      worked = gpu.worked
      for (let first = start, count = 0; first < tokens; first += count) {
        count = Math.min(tokens - first, pacer.fittingTokens(pieces, { most: 128, block: 32, first, priority }))
        batches.push(count)
        const positions = first + count
        const submit = (steps: readonly SimulatedStep[]): void => gpu.submit(steps, count, positions)
        await pacer.run({ pieces, tokens: count, positions, submit, priority, signal })
      }
    }
    await gpu.idle()
  })
  return { gpu, batches, busy: (gpu.worked - worked) / (gpu.now - begun) }
}

const coarseClock = { resolution: 1 }
const firefox = { tick: 100, resolution: 1 }

describe('prefill', () => {
  it.each([
    ['a fast GPU', deviceOf(0.7), 4000],
    ['a very fast one', deviceOf(0.1), 20_000],
    ['one by a clock of 1 ms', deviceOf(0.7, coarseClock), 4000],
    ['one whose layer takes 7 ms', deviceOf(7), 2000],
    ['one whose layer takes 40 ms', deviceOf(40), 400],
    ['the same by a clock of 1 ms', deviceOf(40, coarseClock), 400],
  ])('keeps %s busy by submits that are short from the first on', async (_, device, tokens) => {
    const { gpu, batches, busy } = await play(device, [{ tokens }])
    expect(gpu.longest).toBeLessThan(16)
    expect(busy).toBeGreaterThan(0.98)
    expect(batches[0]).toBe(32)
  })

  it('does not divide what fits', async () => {
    // 20 ms a batch.
    const { gpu, batches } = await play(deviceOf(0.7), [{ tokens: 6400 }])
    expect(batches.at(-2)).toBe(128)
    expect(gpu.submits.slice(-30).every(({ milliseconds }) => milliseconds > 2)).toBe(true)
    expect(gpu.submits.length).toBeLessThan(4 * batches.length)
  })

  it('takes fewer tokens a batch where one dispatch would be too long, also for attention far into the context', async () => {
    const slow = await play(deviceOf(40), [{ tokens: 600 }])
    expect(slow.batches.slice(3, -1).every((count) => count === 64)).toBe(true)
    const far = await play(deviceOf(40), [{ tokens: 400 }, { tokens: 16_100, start: 16_000 }])
    expect(far.gpu.longest).toBeLessThan(16)
    expect(far.batches.at(-2)).toBeLessThan(32)
  })

  it('takes whole blocks a batch, or a half or a quarter of one', () => {
    const fitting = (milliseconds: number): number => {
      const pacer = new SubmitPacer({ idle: () => Promise.resolve() }, hardwareLimits, 0.4)
      const attention = simulatedLayers(1).flatMap((layer) => layer.filter(({ reach }) => reach === 'positions'))
      for (const tokens of [8, 16, 32, 64, 96])
        pacer.assume(attention, tokens, 10_000 + tokens, (milliseconds * tokens) / 96)
      return pacer.fittingTokens([attention], { most: 96, block: 32, first: 10_000 })
    }
    expect([10, 15, 25, 50, 100, 1000].map(fitting)).toEqual([96, 64, 32, 16, 8, 8])
  })

  it('divides no further than dispatches of a token block', async () => {
    const { gpu, batches } = await play(deviceOf(200), [{ tokens: 200 }])
    expect(new Set(batches.slice(0, -1))).toEqual(new Set([32]))
    expect(gpu.longest).toBeCloseTo((200 * 18) / 35 / 4, 0)
  })

  it.each([
    ['fast', 0.7, 0.4],
    ['in between', 7, 0.9],
    ['slow', 40, 0.95],
  ])('keeps submits short on a GPU that is %s and answers every 100 ms', async (_, layer, least) => {
    const { gpu, busy } = await play(deviceOf(layer, firefox), [{ tokens: 1000 }, { tokens: 2500, start: 1000 }])
    expect(gpu.longest).toBeLessThan(16)
    expect(busy).toBeGreaterThan(least)
  })

  it('follows a GPU that becomes slower and faster again', async () => {
    const layer = (now: number): number => (now < 2000 ? 2 : now < 5000 ? 10 : 2)
    const { gpu, busy } = await play(deviceOf(layer), [{ tokens: 10_000 }])
    const long = gpu.submits.filter(({ milliseconds }) => milliseconds > 16)
    // Those that were under way when it happened.
    expect(long.length).toBeLessThanOrEqual(2)
    expect(long.every(({ start }) => start >= 1990 && start < 2200)).toBe(true)
    expect(gpu.submits.slice(-40).filter(({ milliseconds }) => milliseconds > 6).length).toBeGreaterThan(20)
    expect(busy).toBeGreaterThan(0.98)
  })

  it.each([
    ['a host that is busy at times', (answer: number) => (answer % 20 === 0 ? 60 : 0)],
    ['answers that waver', (answer: number) => ((answer * 7) % 10) * 0.6],
  ])('is not misled by %s', async (_, jitter) => {
    for (const layer of [0.7, 7, 40]) {
      const { gpu, busy } = await play(deviceOf(layer, { jitter }), [{ tokens: layer > 10 ? 400 : 2000 }])
      expect(gpu.longest).toBeLessThan(16)
      expect(busy).toBeGreaterThan(0.6)
    }
  })

  it('leaves layers whole on a software adapter', async () => {
    const { gpu, batches } = await play(deviceOf(400), [{ tokens: 256 }], softwareLimits)
    expect(batches).toEqual([128, 128])
    expect(gpu.submits).toHaveLength(2 * 24)
  })
})

describe('in the background', () => {
  it.each([
    ['fast', deviceOf(0.7)],
    ['slow', deviceOf(40)],
    ['coarse', deviceOf(7, firefox)],
  ])('leaves half of a %s GPU alone, in shorter submits', async (_, device) => {
    const { gpu, busy } = await play(device, [{ tokens: 400, priority: 'background' }])
    expect(gpu.longest).toBeLessThan(8)
    expect(busy).toBeLessThan(0.5)
    expect(busy).toBeGreaterThan(0.25)
  })

  it('has one submit at a time, and rests after it', async () => {
    const { gpu } = await play(deviceOf(7), [{ tokens: 300, priority: 'background' }])
    for (const [index, { start, milliseconds }] of gpu.submits.slice(0, -1).entries())
      expect(gpu.submits[index + 1]?.start).toBeGreaterThanOrEqual(start + 2 * milliseconds)
  })
})

it('ends at once when it is aborted, in a rest too', async () => {
  for (const priority of ['normal', 'background'] as const) {
    const gpu = new SimulatedGpu(deviceOf(40))
    const pacer = new SubmitPacer(gpu, hardwareLimits, 0.4)
    const abort = new AbortController()
    const reason = new Error('enough')
    const pieces = simulatedLayers(24)
    const submit = (steps: readonly SimulatedStep[]): void => gpu.submit(steps, 128, 128)
    await gpu.run(async () => {
      const running = pacer.run({ pieces, tokens: 128, positions: 128, submit, priority, signal: abort.signal })
      setTimeout(() => abort.abort(reason), 60)
      await expect(running).rejects.toBe(reason)
    })
    expect(gpu.submits).toHaveLength(priority === 'background' ? 1 : 3)
    expect(gpu.now - 1000).toBeLessThan(priority === 'background' ? 61 : 85)
  }
})

it('hands on what the queue fails with', async () => {
  const lost = new Error('lost')
  const pacer = new SubmitPacer({ idle: () => Promise.reject(lost) }, hardwareLimits, 0.4)
  const work = { pieces: simulatedLayers(24), tokens: 1, positions: 1, submit: () => {} }
  await expect(pacer.run(work)).rejects.toBe(lost)
})
