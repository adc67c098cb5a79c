import type { Gpu } from '../device/gpu.ts'
import {
  type AttentionShape,
  attentionGrid,
  attentionPipeline,
  attentionUniform,
  mergeGrid,
  mergePipeline,
  splitSize,
} from '../kernels/attention/attention.ts'
import { embedGrid, embedPipeline, embedUniform } from '../kernels/embed/embed.ts'
import {
  downGrid,
  downPipeline,
  downUniform,
  type LoraShape,
  type LoraVariant,
  upGrid,
  upPipeline,
  upUniform,
} from '../kernels/lora/lora.ts'
import {
  type MatmulEpilogue,
  type MatmulShape,
  type MatmulVariant,
  matmulGrid,
  matmulPipeline,
  matrixUniform,
} from '../kernels/matmul/matmul.ts'
import { normPipeline, normUniform } from '../kernels/norm/rms-norm.ts'
import { type RopeShape, ropeGrid, ropePipeline, ropeUniform } from '../kernels/rope/rope-append.ts'
import { siluGrid, siluPipeline, siluUniform } from '../kernels/silu/silu-multiply.ts'
import type { LoraConstants } from '../lora/lora-constants.ts'
import type { Matrix, MatrixPart } from '../weights/weight-loader.ts'
import type { Grid, Step } from './step.ts'

export interface MatmulStep {
  readonly matrix: Matrix
  readonly variant: MatmulVariant
  readonly epilogue: MatmulEpilogue
  readonly x: GPUBuffer
  readonly xStride: number
  readonly y: GPUBuffer
  readonly yStride: number
  /** Paired matrices with the `store` epilogue: column where the second tensor's rows begin. */
  readonly pairOffset?: number
  readonly bias?: GPUBuffer | undefined
  /** Gain and epsilon of the norm that the variant fuses. */
  readonly norm?: { readonly gain: GPUBuffer; readonly epsilon: number } | undefined
}

export interface LoraStep {
  readonly shape: LoraShape
  readonly variant: LoraVariant
  /** A and B. */
  readonly buffer: GPUBuffer
  readonly x: GPUBuffer
  readonly xStride: number
  /** Of A x, in between. */
  readonly low: GPUBuffer
  readonly y: GPUBuffer
  readonly yStride: number
  readonly strength: number
  readonly constants: LoraConstants
  readonly norm?: MatmulStep['norm']
}

/** Turns operations into steps: compiles the pipeline, makes the uniform, binds. */
export class StepBuilder {
  readonly #gpu: Gpu

  constructor(gpu: Gpu) {
    this.#gpu = gpu
  }

  async #step(
    pipeline: Promise<GPUComputePipeline>,
    buffers: readonly GPUBuffer[],
    grid: Step['grid'],
    reach: number | 'positions' = 1,
  ): Promise<Step> {
    const ready = await pipeline
    return { pipeline: ready, bindGroup: this.#gpu.bindGroup(ready, buffers), grid, reach }
  }

  /** x[token] = embedding[ids[idsAt + token]]. */
  embed(matrix: Matrix, ids: GPUBuffer, idsAt: number, x: GPUBuffer, stride: number): Promise<Step[]> {
    const steps = matrix.parts.flatMap(({ buffer, sections, rowStart }) =>
      sections.map((section) => {
        const uniform = this.#gpu.uniform('embed', embedUniform(section, rowStart, stride, idsAt))
        const buffers = [uniform, buffer, buffer, ids, x]
        return this.#step(embedPipeline(this.#gpu, section.kind), buffers, (tokens) => embedGrid(section, tokens))
      }),
    )
    return Promise.all(steps)
  }

  norm(x: GPUBuffer, gain: GPUBuffer, y: GPUBuffer, columns: number, stride: number, epsilon: number): Promise<Step> {
    const uniform = this.#gpu.uniform('norm', normUniform(columns, stride, epsilon))
    return this.#step(normPipeline(this.#gpu), [uniform, x, gain, y], (tokens) => [tokens, 1, 1])
  }

  /** One dispatch for every part of the matrix. */
  matmul(operation: MatmulStep): Promise<Step[]> {
    return Promise.all(operation.matrix.parts.map((part) => this.#matmulPart(operation, part)))
  }

  #matmulPart(operation: MatmulStep, part: MatrixPart): Promise<Step> {
    const { matrix, variant, epilogue, bias, norm, x, y } = operation
    const shape: MatmulShape = { sections: part.sections, epilogue, variant, bias: bias !== undefined }
    const firstRows: number[] = []
    let row = part.rowStart
    for (const section of part.sections) {
      const paired = matrix.arrangement === 'paired' ? section.tensorIndex * (operation.pairOffset ?? 0) : 0
      firstRows.push(paired + row)
      if (matrix.arrangement === 'stacked') row += section.rows
    }
    const strides = { x: operation.xStride, y: operation.yStride, firstRows, epsilon: norm?.epsilon ?? 0 }
    const uniform = this.#gpu.uniform('matrix', matrixUniform(shape, strides))
    const buffers = [uniform, part.buffer, part.buffer, x, y, ...(norm ? [norm.gain] : []), ...(bias ? [bias] : [])]
    const grids = new Map<number, Grid>()
    const grid: Step['grid'] = (tokens) => {
      const known = grids.get(tokens) ?? matmulGrid(shape, tokens)
      grids.set(tokens, known)
      return known
    }
    return this.#step(matmulPipeline(this.#gpu, shape), buffers, grid, part.sections[0]?.columns)
  }

  /** y += strength · scale · B(A x). */
  lora({ shape, variant, buffer, constants, x, xStride, low, y, yStride, strength, norm }: LoraStep): Promise<Step[]> {
    const down = this.#gpu.uniform('lora down', downUniform(shape, xStride, norm?.epsilon ?? 0))
    const up = constants.buffer(strength, upUniform(shape, yStride, strength))
    const rank = 4 * Math.max(...shape.sections.map(({ chunks }) => chunks))
    return Promise.all([
      this.#step(
        downPipeline(this.#gpu, shape.type, variant),
        [down, buffer, x, low, ...(norm ? [norm.gain] : [])],
        (tokens) => downGrid(shape, variant, tokens),
        shape.inputs,
      ),
      this.#step(
        upPipeline(this.#gpu, shape.type, variant),
        [up, buffer, low, y],
        (tokens) => upGrid(shape, variant, tokens),
        rank,
      ),
    ])
  }

  /** `buffers`: batch, qkv, table, q, k cache, v cache, and gains with `shape.norm`. */
  rope(
    shape: RopeShape,
    strides: { readonly qkv: number; readonly q: number },
    epsilon: number,
    buffers: readonly GPUBuffer[],
  ): Promise<Step> {
    const uniform = this.#gpu.uniform('rope', ropeUniform(shape, strides, epsilon))
    return this.#step(ropePipeline(this.#gpu, shape), [uniform, ...buffers], (tokens) => ropeGrid(shape, tokens))
  }

  /** `buffers`: batch, q, k cache, v cache. */
  async attention(
    shape: AttentionShape,
    stride: number,
    buffers: readonly GPUBuffer[],
    out: GPUBuffer,
    parts: GPUBuffer,
  ): Promise<Step[]> {
    const uniform = this.#gpu.uniform('attention', attentionUniform(shape, { q: stride, out: stride }))
    const common = [uniform, ...buffers]
    const grid: Step['grid'] = (tokens, positions) => attentionGrid(shape, tokens, positions)
    const pipeline = attentionPipeline(this.#gpu, shape)
    if (!shape.split) return [await this.#step(pipeline, [...common, out], grid, 'positions')]
    return Promise.all([
      this.#step(pipeline, [...common, parts], grid, splitSize * shape.headSize),
      this.#step(mergePipeline(this.#gpu, shape), [...common, out, parts], () => mergeGrid(shape)),
    ])
  }

  /** `stride`: f32 a row of the product. */
  silu(gateUp: GPUBuffer, gated: GPUBuffer, stride: number): Promise<Step> {
    const uniform = this.#gpu.uniform('silu', siluUniform(stride))
    return this.#step(siluPipeline(this.#gpu), [uniform, gateUp, gated], (tokens) => siluGrid(stride, tokens))
  }
}
