import type { AdapterDescription, CounterSnapshot } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import { declaredBindings } from './bindings.ts'
import { checkBufferSize, largestBinding, storageBytes } from './buffer-size.ts'
import { bufferUsage, mapModeRead } from './buffer-usage.ts'
import { type BufferClass, Ledger } from './ledger.ts'

/** How long a lost device may take to say why. */
const reasonMilliseconds = 1000

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** A device with its ledger, counters and pipeline cache: everything the engine asks of WebGPU passes here and is counted. */
export class Gpu {
  readonly device: GPUDevice
  readonly adapter: AdapterDescription
  readonly ledger = new Ledger()
  readonly lost: Promise<EngineError>
  readonly #counters: Writable<CounterSnapshot> = {
    dispatches: 0,
    submits: 0,
    bindGroups: 0,
    buffers: 0,
    bufferWrites: 0,
    pipelines: 0,
    readbacks: 0,
    readbackBytes: 0,
  }
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>()
  readonly #uniforms = new Map<string, GPUBuffer>()
  #failure: EngineError | undefined
  #ended = false

  constructor(device: GPUDevice, adapter: AdapterDescription) {
    this.device = device
    this.adapter = adapter
    this.lost = new Promise((resolve) => {
      device.lost.then((info) => {
        if (this.#ended) return
        this.#failure = new EngineError(
          'device-lost',
          `The GPU device was lost (${info.message || 'no reason given'}). Load the model again; if it happens again, try a smaller one.`,
        )
        resolve(this.#failure)
      })
    })
    device.addEventListener('uncapturederror', (event) => {
      const { error } = event
      const exhausted = error.constructor.name === 'GPUOutOfMemoryError'
      this.#failure ??= new EngineError(
        exhausted ? 'device-out-of-memory' : 'device-validation-failed',
        exhausted
          ? 'The GPU has not enough memory for this model. Close other tabs, choose a smaller model or fewer bits.'
          : `The GPU refused a command, which is a fault of Sampan: ${error.message}`,
      )
    })
  }

  /** Throws what the device has reported since the engine was made: called after every wait on the GPU. */
  check(): void {
    if (this.#failure) throw this.#failure
  }

  get subgroups(): boolean {
    return this.device.features.has('subgroups')
  }

  get halfFloats(): boolean {
    return this.device.features.has('shader-f16')
  }

  counters(): CounterSnapshot {
    return { ...this.#counters }
  }

  createBuffer(kind: BufferClass, descriptor: GPUBufferDescriptor): GPUBuffer {
    const { limits } = this.device
    const bound = (descriptor.usage & bufferUsage.storage) !== 0
    checkBufferSize(descriptor.label ?? kind, descriptor.size, bound ? largestBinding(limits) : limits.maxBufferSize)
    this.#counters.buffers += 1
    return this.ledger.add(kind, this.device.createBuffer(descriptor))
  }

  /** A storage buffer of `words` 32-bit words, which shaders and copies may use. */
  storage(kind: BufferClass, label: string, words: number): GPUBuffer {
    const usage = bufferUsage.storage | bufferUsage.copyDestination | bufferUsage.copySource
    return this.createBuffer(kind, { label, size: storageBytes(words), usage })
  }

  /** A small buffer that is never written again; equal contents share one. */
  uniform(label: string, words: Uint32Array<ArrayBuffer>): GPUBuffer {
    const content = words.join()
    const known = this.#uniforms.get(content)
    if (known) return known
    const buffer = this.constant(label, words)
    this.#uniforms.set(content, buffer)
    return buffer
  }

  /** The same, of the caller's own, to be released. */
  constant(label: string, words: Uint32Array<ArrayBuffer>): GPUBuffer {
    const usage = bufferUsage.uniform | bufferUsage.copyDestination
    const buffer = this.createBuffer('state', { label, size: Math.ceil(words.byteLength / 16) * 16, usage })
    this.write(buffer, 0, words)
    return buffer
  }

  write(buffer: GPUBuffer, offset: number, data: ArrayBufferView<ArrayBuffer>): void {
    this.#counters.bufferWrites += 1
    this.device.queue.writeBuffer(buffer, offset, data)
  }

  bindGroup(pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup {
    this.#counters.bindGroups += 1
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }))
    return this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
  }

  /** The pipeline for `code`, compiled once however often it is asked for. */
  pipeline(label: string, code: string): Promise<GPUComputePipeline> {
    const known = this.#pipelines.get(code)
    if (known) return known
    this.#counters.pipelines += 1
    const module = this.device.createShaderModule({ label, code })
    const layout = this.device.createPipelineLayout({
      bindGroupLayouts: [this.device.createBindGroupLayout({ label, entries: declaredBindings(code) })],
    })
    const made = this.device.createComputePipelineAsync({ label, layout, compute: { module } }).catch(async (cause) => {
      if (!isInvalid(cause)) await this.#explain()
      throw new EngineError(
        'device-validation-failed',
        `This GPU or its driver refused the kernel ${label}: ${cause instanceof Error ? cause.message : cause}. Update browser and driver; if it stays, please report it.`,
        { label },
        cause,
      )
    })
    this.#pipelines.set(code, made)
    return made
  }

  submit(encoder: GPUCommandEncoder, dispatches: number): void {
    this.#counters.submits += 1
    this.#counters.dispatches += dispatches
    this.device.queue.submit([encoder.finish()])
  }

  /**
   * Maps the first `bytes` of a readback buffer, hands them to `take`, and unmaps. They are gone when `take` returns.
   * @throws EngineError `device-lost` and whatever else the device has reported
   */
  async read<T>(buffer: GPUBuffer, bytes: number, take: (bytes: ArrayBuffer) => T): Promise<T> {
    try {
      await buffer.mapAsync(mapModeRead, 0, bytes)
    } catch (error) {
      await this.#explain()
      throw error
    }
    this.#counters.readbacks += 1
    this.#counters.readbackBytes += bytes
    this.check()
    const taken = take(buffer.getMappedRange(0, bytes))
    buffer.unmap()
    return taken
  }

  async idle(): Promise<void> {
    try {
      await this.device.queue.onSubmittedWorkDone()
    } catch (error) {
      await this.#explain()
      throw error
    }
    this.check()
  }

  /** A wait that failed is the first sign of a lost device; the reason comes a moment later. */
  async #explain(): Promise<void> {
    if (this.#ended) throw new EngineError('engine-disposed', 'This model was disposed of while it worked.')
    const pause = new Promise<void>((resolve) => setTimeout(resolve, reasonMilliseconds))
    await Promise.race([this.lost, pause])
    this.check()
  }

  destroy(): void {
    this.#ended = true
    this.ledger.releaseAll()
    this.#pipelines.clear()
    this.#uniforms.clear()
    this.device.destroy()
  }
}

/** A pipeline that is wrong by itself, not for a device that is lost. */
function isInvalid(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'reason' in cause && cause.reason === 'validation'
}
