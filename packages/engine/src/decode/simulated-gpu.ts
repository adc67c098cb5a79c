import { vi } from 'vitest'
import type { Costly } from './step-costs.ts'

export interface SimulatedDevice {
  /** Of a unit of work, in milliseconds; may change in time. */
  readonly speed: (now: number) => number
  /** Milliseconds from the end of work to its answer. */
  readonly delay?: number
  /** More of it, now and then. */
  readonly jitter?: (answer: number) => number
  /** Answers come at multiples of this only (Firefox: 100). */
  readonly tick?: number
  /** Of the host's clock. */
  readonly resolution?: number
}

export interface SimulatedStep extends Costly {
  readonly work: (tokens: number, positions: number) => number
}

interface Submit {
  readonly start: number
  readonly milliseconds: number
}

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** Virtual time, in which a device works through submits one after the other. `run` plays until the work is done. */
export class SimulatedGpu {
  readonly submits: Submit[] = []
  now = 1000
  readonly #device: SimulatedDevice
  #timers: Timer[] = []
  #free = 0
  #answers = 0
  #lastAnswer = 0

  constructor(device: SimulatedDevice) {
    this.#device = device
  }

  submit(steps: readonly SimulatedStep[], tokens: number, positions: number): void {
    const start = Math.max(this.now, this.#free)
    const work = steps.reduce((sum, step) => sum + step.work(tokens, positions), 0)
    const milliseconds = work * this.#device.speed(start)
    this.#free = start + milliseconds
    this.submits.push({ start, milliseconds })
  }

  idle(): Promise<void> {
    const { delay = 0.4, tick, jitter } = this.#device
    const end = Math.max(this.now, this.#free)
    const soonest = tick ? (Math.floor(end / tick) + 1) * tick : end + delay
    this.#answers += 1
    this.#lastAnswer = Math.max(this.#lastAnswer, soonest + (jitter?.(this.#answers) ?? 0))
    const at = this.#lastAnswer
    return new Promise((resolve) => this.#at(at, resolve))
  }

  get longest(): number {
    return Math.max(0, ...this.submits.map(({ milliseconds }) => milliseconds))
  }

  /** Milliseconds of work, of which so much was done at the same time as nothing else. */
  get worked(): number {
    return this.submits.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const { resolution = 0.005 } = this.#device
    vi.spyOn(performance, 'now').mockImplementation(() => Math.floor(this.now / resolution) * resolution)
    const immediately = setImmediate
    vi.stubGlobal('setTimeout', (run: () => void, milliseconds = 0) => {
      const timer = this.#at(this.now + Math.max(milliseconds, 0.05), run)
      return timer
    })
    vi.stubGlobal('clearTimeout', (timer: Timer) => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    })
    let done = false
    const finished = (async () => work())().finally(() => {
      done = true
    })
    finished.catch(() => {})
    try {
      for (;;) {
        await new Promise<void>((resolve) => immediately(() => resolve()))
        if (done) return await finished
        const next = this.#timers.shift()
        if (!next) throw new Error('everything waits')
        this.now = Math.max(this.now, next.at)
        next.run()
      }
    } finally {
      vi.unstubAllGlobals()
      vi.restoreAllMocks()
    }
  }

  #at(at: number, run: () => void): Timer {
    const timer = { at, run }
    this.#timers.push(timer)
    this.#timers.sort((a, b) => a.at - b.at)
    return timer
  }
}

const kinds = { norm: 0.2, queryKeyValue: 4, rope: 0.2, output: 3, gateUp: 18, silu: 0.5, down: 9 } as const

function matrix(work: number): SimulatedStep {
  const pipeline = {}
  const blocks = (tokens: number): number => Math.ceil(tokens / 32)
  return {
    pipeline,
    reach: Math.ceil(work * 100),
    grid: (tokens) => [blocks(tokens), 100, 1],
    work: (tokens) => (work * blocks(tokens)) / 4,
  }
}

/** A model's layers, whose steps differ in work as a transformer's do. A layer of 128 tokens at position 0 is 35 units. */
export function simulatedLayers(count: number, attention = 0.003): SimulatedStep[][] {
  const attend: SimulatedStep = {
    pipeline: {},
    reach: 'positions',
    grid: (tokens) => [tokens, 14, 1],
    work: (tokens, positions) => (attention * (positions + 20) * tokens) / 128,
  }
  const of = Object.fromEntries(Object.entries(kinds).map(([kind, work]) => [kind, matrix(work)]))
  const layer = ['norm', 'queryKeyValue', 'rope', '', 'output', 'norm', 'gateUp', 'silu', 'down'].map(
    (kind) => of[kind] ?? attend,
  )
  return Array.from({ length: count }, () => layer)
}
