import { oneLine } from '../result/fields.ts'
import { measurementOf } from '../result/measurement.ts'
import type { ResultAdapter, Roofline } from '../result/result-types.ts'
import { median } from '../statistics/quantile.ts'
import { copyWork, type PreparedWork } from './copy.ts'
import { type GemmShape, gemmTiles, gemmWork } from './gemm.ts'
import { GpuTimer } from './gpu-timer.ts'
import { type MatvecShape, matvecWork, type NumberType, weightBytes } from './matvec.ts'
import { measureOverheads } from './overheads.ts'

export interface ProbeOptions {
  /** Bytes that models read for a token: bandwidth is measured at each, as far as one buffer holds half of it. */
  readonly workingSets: readonly number[]
  readonly signal: AbortSignal
  /** Where a CPU pretends to be a GPU: short, and without products, whose kernels are made for GPUs and would say too little. */
  readonly small?: boolean
  /** Of the products: a prompt's worth of a small model's layer, and more than a cache holds. */
  readonly shapes?: { readonly gemm: GemmShape; readonly matvec: MatvecShape }
  /** Milliseconds of one measurement; at least one sample is taken. */
  readonly budgetMs?: number
  readonly onProgress?: (fraction: number) => void
}

/** A small model's weights, and what no cache holds. */
const STANDARD_SETS = [2 ** 22, 2 ** 28] as const
const SAMPLES = 7
const BUDGET_MS = 1500
const SMALL_SAMPLES = 3
const SMALL_BUDGET_MS = 300

const SHAPES = { gemm: { m: 512, n: 2048, k: 2048 }, matvec: { rows: 16_384, columns: 4096 } } as const

/**
 * What this device can do, with every feature that the engine uses: bandwidth, products, and what the way there costs. On a device of its
 * own, which is given back. Undefined where there is no WebGPU.
 * @throws the signal's reason
 */
export async function probeRoofline(options: ProbeOptions): Promise<Roofline | undefined> {
  const { signal, onProgress } = options
  const gpu = globalThis.navigator?.gpu
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!gpu || !adapter) return undefined
  const features = (['shader-f16'] as const).filter((name) => adapter.features.has(name))
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
  const device = await adapter.requestDevice({
    requiredFeatures: features,
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  })
  try {
    const probe = new Probe(device, options)
    const largest = 2 * Math.min(maxBufferSize, maxStorageBufferBindingSize)
    const sets = workingSets(options, largest)
    const types = options.small === true ? [] : numberTypes(device, gpu)
    const steps = sets.length + 2 * types.length + 1
    let done = 0
    const step = async (work: Promise<void>): Promise<void> => {
      await work
      onProgress?.(++done / steps)
    }
    for (const bytes of sets) await step(probe.copy(bytes))
    for (const type of types) await step(probe.gemm(type))
    for (const type of types) await step(probe.matvec(type))
    await step(probe.overheads())
    signal.throwIfAborted()
    return { adapter: describe(adapter, device), ...probe.result(options.small === true ? undefined : types) }
  } finally {
    device.destroy()
  }
}

function workingSets({ workingSets: wanted, small }: ProbeOptions, largest: number): readonly number[] {
  const standard = small === true ? STANDARD_SETS.slice(0, 1) : STANDARD_SETS
  const rounded = [...standard, ...wanted].map((bytes) =>
    Math.max(4096, Math.floor(Math.min(bytes, largest) / 4096) * 4096),
  )
  return [...new Set(rounded)].sort((one, other) => one - other)
}

function numberTypes(device: GPUDevice, gpu: GPU): readonly NumberType[] {
  return [
    'f32',
    ...(device.features.has('shader-f16') ? (['f16'] as const) : []),
    ...(gpu.wgslLanguageFeatures?.has('packed_4x8_integer_dot_product') ? (['int-dot'] as const) : []),
  ]
}

class Probe {
  readonly #device: GPUDevice
  readonly #options: ProbeOptions
  readonly #timer: GpuTimer
  readonly #samples: number
  readonly #copy: Roofline['copy'][number][] = []
  readonly #gemm: Roofline['gemm'][number][] = []
  readonly #matvec: Roofline['matvec'][number][] = []
  readonly #notAvailable: Roofline['notAvailable'][number][] = []
  #overheads: Pick<Roofline, 'emptyDispatchUs' | 'submitUs' | 'mapAsyncMs'> = {}

  constructor(device: GPUDevice, options: ProbeOptions) {
    this.#device = device
    this.#options = options
    const { signal, small = false } = options
    this.#samples = small ? SMALL_SAMPLES : SAMPLES
    this.#timer = new GpuTimer(device, {
      samples: this.#samples,
      budgetMs: options.budgetMs ?? (small ? SMALL_BUDGET_MS : BUDGET_MS),
      signal,
    })
  }

  copy(bytes: number): Promise<void> {
    return this.#attempt(`copy of ${bytes} bytes`, async () => {
      const times = await this.#time(copyWork(this.#device, bytes))
      this.#copy.push({ bytes, gigabytesPerSecond: measurementOf(times.map((ms) => bytes / ms / 1e6)) })
    })
  }

  gemm(type: NumberType): Promise<void> {
    return this.#attempt(`${type} matrix product`, async () => {
      const { gemm: shape } = this.#options.shapes ?? SHAPES
      const { m, n, k } = shape
      const limit = this.#device.limits.maxComputeWorkgroupStorageSize
      const each: (readonly number[])[] = []
      for (const tile of gemmTiles) {
        // Two tiles of 16 deep, four bytes a number at most.
        if (tile.shared && 2 * tile.size * 16 * 4 > limit) continue
        const times = await this.#time(gemmWork(this.#device, type, shape, tile))
        each.push(times.map((ms) => (2 * m * n * k) / ms / 1e6))
      }
      const [best] = each.toSorted((one, other) => median(other) - median(one))
      if (best) this.#gemm.push({ type, ...shape, gigaflops: measurementOf(best) })
    })
  }

  matvec(type: NumberType): Promise<void> {
    return this.#attempt(`${type} matrix times vector`, async () => {
      const { matvec: shape } = this.#options.shapes ?? SHAPES
      const bytes = shape.rows * shape.columns * weightBytes[type]
      const times = await this.#time(matvecWork(this.#device, type, shape))
      this.#matvec.push({
        type,
        ...shape,
        gigabytesPerSecond: measurementOf(times.map((ms) => bytes / ms / 1e6)),
      })
    })
  }

  overheads(): Promise<void> {
    return this.#attempt('overheads', async () => {
      const { emptyDispatchUs, submitUs, mapAsyncMs } = await measureOverheads(
        this.#device,
        this.#samples,
        this.#options.signal,
      )
      this.#overheads = {
        emptyDispatchUs: measurementOf(emptyDispatchUs),
        submitUs: measurementOf(submitUs),
        mapAsyncMs: measurementOf(mapAsyncMs),
      }
    })
  }

  /** `types`: of numbers that there are; undefined where products were not measured. */
  result(types: readonly NumberType[] | undefined): Omit<Roofline, 'adapter'> {
    const missing = types
      ? (['f16', 'int-dot'] as const)
          .filter((type) => !types.includes(type))
          .map((type) => ({ what: type, reason: 'This device or browser does not offer it to WebGPU.' }))
      : [{ what: 'products', reason: 'The adapter is a program on the CPU, which does other kernels better.' }]
    return {
      ...{ copy: this.#copy, gemm: this.#gemm, matvec: this.#matvec, ...this.#overheads },
      notAvailable: [...missing, ...this.#notAvailable],
    }
  }

  async #time(preparing: Promise<PreparedWork>): Promise<readonly number[]> {
    const work = await preparing
    try {
      return await this.#timer.measure(work.record)
    } finally {
      work.destroy()
    }
  }

  /** What a device refuses is told, and costs nothing else. */
  async #attempt(what: string, work: () => Promise<void>): Promise<void> {
    this.#device.pushErrorScope('out-of-memory')
    this.#device.pushErrorScope('validation')
    let thrown: unknown
    await work().catch((error: unknown) => {
      thrown = error
    })
    const failure = (await this.#device.popErrorScope()) ?? undefined
    const memory = (await this.#device.popErrorScope()) ?? undefined
    this.#options.signal.throwIfAborted()
    const error = thrown ?? failure ?? memory
    if (error === undefined) return
    const message =
      typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
    this.#notAvailable.push({ what, reason: oneLine(message) })
  }
}

function describe({ info }: GPUAdapter, device: GPUDevice): ResultAdapter {
  const { vendor, architecture, description } = info
  const software = 'isFallbackAdapter' in info && info.isFallbackAdapter === true
  return {
    ...{ vendor: oneLine(vendor), architecture: oneLine(architecture), description: oneLine(description) },
    software: software || /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(`${architecture} ${description}`),
    features: [...device.features].sort(),
  }
}
