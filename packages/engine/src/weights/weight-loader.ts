import { largestBinding } from '../device/buffer-size.ts'
import type { Gpu } from '../device/gpu.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { packedPieces } from '../packed/packed-pieces.ts'
import { MatrixPacker, overflowed, type Packer } from './matrix-packer.ts'
import { type MatrixPlan, type MatrixSpec, type PartPlan, planMatrix } from './matrix-plan.ts'
import { type PlacedSection, sectionTarget, vectorTarget } from './plane-target.ts'
import { bytesOf, planReads, type ReadPiece } from './read-plan.ts'
import { rowPieces } from './row-pieces.ts'
import { LoadScratch } from './scratch.ts'
import { streamReads, streamTensors } from './stream-tensors.ts'
import { matrixShape, type TensorRows, vectorShape } from './tensor-shape.ts'
import { VectorPacker } from './vector-packer.ts'

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
  /** Bytes of the source tensors, or of what they are packed to. */
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
 * rope rows are put into Hugging Face's order; F32, F16 and BF16 matrices are quantised as `bits` says. Tensors that are packed
 * are read as planes, and each run of them is checked. JS memory stays under 16 MB, what the garbage collector has not yet taken
 * aside, where no single row or head takes more than 2 MiB and rows have 32 columns or more; a hostile directory can make it about 64 MB.
 */
export class WeightLoader {
  readonly #gpu: Gpu
  readonly #maxPartBytes: number
  readonly #matrices = new Map<string, PlannedMatrix>()
  readonly #vectors = new Map<string, readonly PlannedVector[]>()

  /** `maxPartBytes`: of one buffer, at most the device's own limit. */
  constructor(gpu: Gpu, maxPartBytes: number = largestBinding(gpu.device.limits)) {
    this.#gpu = gpu
    this.#maxPartBytes = maxPartBytes
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
   * @throws EngineError `tensor-values-invalid` for NaN and infinities, naming the tensor; `file-damaged` for a packed run that is
   * not what was packed; `file-truncated`; `file-limit-exceeded`; `device-*`; whatever the byte source throws; the signal's reason.
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
    const scratch = new LoadScratch()
    const matrices = this.#makeMatrices(allocate, scratch)
    const vectors = this.#makeVectors(allocate, scratch)
    const empty = [...matrices].map(([label, { plan, parts }]) => [label, { ...plan, parts }] as const)
    onAllocated?.({ matrices: new Map(empty), vectors: vectors.buffers })
    const sinks = [...[...matrices.values()].flatMap((matrix) => matrix.sinks), ...vectors.sinks]

    const ranges = planReads(sinks.flatMap(({ pieces }) => pieces))
    const total = ranges.reduce((sum, range) => sum + bytesOf(range), 0)
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
    await streamReads(ranges, {
      signal,
      onRead: async (bytes) => {
        await upload(bytes)
        loaded += bytes
        onProgress?.(loaded, total)
      },
    })
    const packers = sinks.flatMap(({ packer }) => packer ?? [])
    for (let again = overflowed(packers); again.length > 0; again = overflowed(packers)) {
      for (const packer of again) packer.fallBack()
      await streamTensors(again, { signal, onRead: upload }, scratch)
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

  #makeMatrices(allocate: (label: string, words: number) => GPUBuffer, scratch: LoadScratch) {
    const made = new Map<string, { plan: MatrixPlan; parts: MatrixPart[]; sinks: LoadSink[] }>()
    for (const [label, { spec, plan }] of this.#matrices) {
      const parts = plan.parts.map((part) => ({ ...part, buffer: allocate(label, part.words) }))
      const sinks = spec.tensors.map((tensor, index): LoadSink => {
        const targets: PlacedSection[] = parts.flatMap(({ buffer, sections }) =>
          sections.filter((section) => section.tensorIndex === index).map((section) => ({ ...section, buffer })),
        )
        const [first] = targets
        if (first === undefined) throw new RangeError(`${tensor.name} has no section`)
        const target = sectionTarget(this.#gpu, targets)
        const shape = matrixShape(tensor)
        if (tensor.packed) return { pieces: packedPieces(tensor.packed, shape.columns, target), packer: undefined }
        return packing(new MatrixPacker(scratch, tensor, shape, first, target), scratch)
      })
      made.set(label, { plan, parts, sinks })
    }
    return made
  }

  #makeVectors(allocate: (label: string, words: number) => GPUBuffer, scratch: LoadScratch) {
    const buffers = new Map<string, GPUBuffer>()
    const sinks: LoadSink[] = []
    for (const [label, vectors] of this.#vectors) {
      const buffer = allocate(label, vectorWords(vectors))
      let start = 0
      for (const { tensor, shape } of vectors) {
        const target = vectorTarget(this.#gpu, buffer, start)
        sinks.push(
          tensor.packed
            ? { pieces: packedPieces(tensor.packed, undefined, target), packer: undefined }
            : packing(new VectorPacker(scratch, tensor, shape, target), scratch),
        )
        start += shape.rows
      }
      buffers.set(label, buffer)
    }
    return { buffers, sinks }
  }
}

/** What brings one tensor to the GPU: its rows are repacked on the way, or its planes are read. */
interface LoadSink {
  readonly pieces: readonly ReadPiece[]
  /** Undefined for planes that are read. */
  readonly packer: Packer | undefined
}

const packing = (packer: Packer, scratch: LoadScratch): LoadSink => ({ pieces: rowPieces(packer, scratch), packer })

const vectorWords = (vectors: readonly PlannedVector[]): number =>
  vectors.reduce((sum, { shape }) => sum + shape.rows, 0)

function finish(plan: MatrixPlan, parts: readonly MatrixPart[], sinks: readonly LoadSink[]): Matrix {
  return {
    ...plan,
    parts: parts.map((part) => ({
      ...part,
      sections: part.sections.map((section) => ({ ...section, ...sinks[section.tensorIndex]?.packer?.format })),
    })),
  }
}
