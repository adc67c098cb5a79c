import type { Gpu } from '../device/gpu.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { type MatrixPlan, type MatrixSpec, type PartPlan, planMatrix } from './matrix-plan.ts'
import { MatrixSink, type PlacedSection, RepackScratch } from './matrix-sink.ts'
import { streamTensors } from './stream-tensors.ts'
import { matrixShape, type TensorRows, vectorShape } from './tensor-shape.ts'
import { VectorSink } from './vector-sink.ts'

/** wgpu keeps what `writeBuffer` copied until a submit: so much is let pile up, in bytes. */
const uploadBytesPerSubmit = 32 * 1024 * 1024

export interface MatrixPart extends PartPlan {
  readonly buffer: GPUBuffer
}

/** A matrix on the GPU. Its sections' kinds and scale shifts are final; those of the plan may have been narrower. */
export interface Matrix extends MatrixPlan {
  readonly parts: readonly MatrixPart[]
}

/** Everything asked for, on the GPU, by label. */
export interface LoadedWeights {
  readonly matrices: ReadonlyMap<string, Matrix>
  /** f32. */
  readonly vectors: ReadonlyMap<string, GPUBuffer>
}

export interface LoadWeightsOptions {
  readonly signal?: AbortSignal | undefined
  /** Bytes of the source tensors. */
  readonly onProgress?: ((loaded: number, total: number) => void) | undefined
  /** Called once with all buffers, still empty, before the first read: pipelines can be compiled and bound meanwhile. */
  readonly onAllocated?: ((weights: LoadedWeights) => void) | undefined
}

interface PlannedMatrix {
  readonly spec: MatrixSpec
  readonly plan: MatrixPlan
}

interface PlannedVector {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
}

/**
 * Brings weights from checkpoints to the GPU. A model first says all it needs, then everything is streamed in one pass:
 *
 *     const loader = new WeightLoader(gpu)
 *     const plan = loader.addMatrix('layers.0.qkv', { tensors: [q, k, v], arrangement: 'stacked', bits: 4 })
 *     loader.addVector('layers.0.input_norm', [norm])
 *     const { matrices, vectors } = await loader.load({ signal, onProgress })
 *
 * `addMatrix` returns the layout at once, so that pipelines can be compiled while weights load. The final matrix differs
 * from it only where a tensor holds uncommonly large values: `scaleShift` 0 for scales of 64 and more, bf16 for an F32
 * tensor kept at 16 bits with values over 65,504.
 *
 * Tensors are read in file order, 2 MiB at a time, four reads under way, whatever the order of the calls; GGUF's interleaved
 * rope rows are put into Hugging Face's order; F32, F16 and BF16 matrices are quantised as `bits` says. JS memory stays
 * under 16 MB, what the garbage collector has not yet taken aside.
 */
export class WeightLoader {
  readonly #gpu: Gpu
  readonly #maxPartBytes: number
  readonly #matrices = new Map<string, PlannedMatrix>()
  readonly #vectors = new Map<string, readonly PlannedVector[]>()

  constructor(gpu: Gpu) {
    this.#gpu = gpu
    const { maxStorageBufferBindingSize, maxBufferSize } = gpu.device.limits
    this.#maxPartBytes = Math.min(maxStorageBufferBindingSize, maxBufferSize)
  }

  /** @throws EngineError as {@link planMatrix} */
  addMatrix(label: string, spec: MatrixSpec): MatrixPlan {
    const plan = planMatrix(label, spec, this.#maxPartBytes)
    this.#matrices.set(label, { spec, plan })
    return plan
  }

  /**
   * Norms and biases: F32, F16 or BF16 vectors, one after the other in one f32 buffer.
   * @throws EngineError `tensor-shape-mismatch`, `format-unsupported`
   */
  addVector(label: string, tensors: readonly TensorInfo[]): void {
    this.#vectors.set(
      label,
      tensors.map((tensor) => ({ tensor, shape: vectorShape(tensor) })),
    )
  }

  /**
   * Allocates (class `weights`) and streams. On a failure what was allocated is released again.
   * @throws EngineError `tensor-values-invalid` for NaN and infinities, naming the tensor; `file-truncated`;
   * `file-limit-exceeded`; `device-*`; whatever the byte source throws; the signal's reason.
   */
  async load(options: LoadWeightsOptions = {}): Promise<LoadedWeights> {
    options.signal?.throwIfAborted()
    const buffers: GPUBuffer[] = []
    try {
      return await this.#load(buffers, options)
    } catch (error) {
      for (const buffer of buffers) this.#gpu.ledger.release(buffer)
      throw error
    }
  }

  async #load(buffers: GPUBuffer[], { signal, onProgress, onAllocated }: LoadWeightsOptions): Promise<LoadedWeights> {
    const allocate = (label: string, words: number): GPUBuffer => {
      const buffer = this.#gpu.storage('weights', label, words)
      buffers.push(buffer)
      return buffer
    }
    const matrices = this.#makeMatrices(allocate)
    const vectors = this.#makeVectors(allocate)
    const empty = [...matrices].map(([label, { plan, parts }]) => [label, { ...plan, parts }] as const)
    onAllocated?.({ matrices: new Map(empty), vectors: vectors.buffers })
    const matrixSinks = [...matrices.values()].flatMap(({ sinks }) => sinks)
    const sinks = [...matrixSinks, ...vectors.sinks]

    const total = sinks.reduce((sum, sink) => sum + sink.tensor.byteLength, 0)
    let loaded = 0
    let sinceSubmit = 0
    const upload = async (bytes: number): Promise<void> => {
      sinceSubmit += bytes
      if (sinceSubmit < uploadBytesPerSubmit) return
      await this.#submit()
      signal?.throwIfAborted()
      sinceSubmit = 0
    }
    onProgress?.(0, total)
    await streamTensors(sinks, {
      signal,
      onRead: async (bytes) => {
        await upload(bytes)
        loaded += bytes
        onProgress?.(loaded, total)
      },
    })
    for (let again = overflowed(matrixSinks); again.length > 0; again = overflowed(matrixSinks)) {
      for (const sink of again) sink.fallBack()
      await streamTensors(again, { signal, onRead: upload })
    }
    await this.#submit()
    signal?.throwIfAborted()
    const finished = [...matrices].map(
      ([label, { plan, parts, sinks: own }]) => [label, finish(plan, parts, own)] as const,
    )
    return { matrices: new Map(finished), vectors: vectors.buffers }
  }

  async #submit(): Promise<void> {
    this.#gpu.device.queue.submit([])
    await this.#gpu.idle()
  }

  #makeMatrices(allocate: (label: string, words: number) => GPUBuffer) {
    const scratch = new RepackScratch()
    const made = new Map<string, { plan: MatrixPlan; parts: MatrixPart[]; sinks: MatrixSink[] }>()
    for (const [label, { spec, plan }] of this.#matrices) {
      const parts = plan.parts.map((part) => ({ ...part, buffer: allocate(label, part.words) }))
      const sinks = spec.tensors.map((tensor, index) => {
        const targets: PlacedSection[] = parts.flatMap(({ buffer, sections }) =>
          sections.filter((section) => section.tensorIndex === index).map((section) => ({ ...section, buffer })),
        )
        return new MatrixSink(this.#gpu, scratch, tensor, matrixShape(tensor), targets)
      })
      made.set(label, { plan, parts, sinks })
    }
    return made
  }

  #makeVectors(allocate: (label: string, words: number) => GPUBuffer) {
    const buffers = new Map<string, GPUBuffer>()
    const sinks: VectorSink[] = []
    for (const [label, vectors] of this.#vectors) {
      const buffer = allocate(
        label,
        vectors.reduce((sum, { shape }) => sum + shape.rows, 0),
      )
      let start = 0
      for (const { tensor, shape } of vectors) {
        sinks.push(new VectorSink(this.#gpu, tensor, shape, buffer, start))
        start += shape.rows
      }
      buffers.set(label, buffer)
    }
    return { buffers, sinks }
  }
}

const overflowed = (sinks: readonly MatrixSink[]): MatrixSink[] => sinks.filter((sink) => sink.overflowed)

function finish(plan: MatrixPlan, parts: readonly MatrixPart[], sinks: readonly MatrixSink[]): Matrix {
  return {
    ...plan,
    parts: parts.map((part) => ({
      ...part,
      sections: part.sections.map((section) => ({ ...section, ...sinks[section.tensorIndex]?.format })),
    })),
  }
}
