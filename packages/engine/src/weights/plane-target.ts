import type { Gpu } from '../device/gpu.ts'
import type { PlaneSection } from './plane-format.ts'
import { rowWords } from './section.ts'

/** Where planes go. */
export interface PlaneTarget {
  /** Rows `[firstRow, firstRow + run.rows)` of a tensor; `words` begins with the run's planes and is used again after that. */
  put(run: PlaneSection, words: Uint32Array<ArrayBuffer>, firstRow: number): void | Promise<void>
}

/** A section in the buffer that it lies in, and the row of the tensor with which it begins. */
export interface PlacedSection extends PlaneSection {
  readonly buffer: GPUBuffer
  readonly tensorRow: number
}

/** The sections that hold a matrix' rows on the GPU. */
export function sectionTarget(gpu: Gpu, targets: readonly PlacedSection[]): PlaneTarget {
  return {
    put: (run, words, firstRow) => {
      for (const target of targets) writeRows(gpu, run, words, target, firstRow)
    },
  }
}

/** A vector in a buffer on the GPU, from element `start` on. */
export function vectorTarget(gpu: Gpu, buffer: GPUBuffer, start: number): PlaneTarget {
  return { put: (run, words, firstRow) => gpu.write(buffer, 4 * (start + firstRow), words.subarray(0, run.rows)) }
}

function writeRows(
  gpu: Gpu,
  run: PlaneSection,
  words: Uint32Array<ArrayBuffer>,
  target: PlacedSection,
  firstRow: number,
): void {
  const from = Math.max(firstRow, target.tensorRow)
  const to = Math.min(firstRow + run.rows, target.tensorRow + target.rows)
  if (from >= to) return
  const own = rowWords(run.kind, run.columns)
  for (const plane of ['quants', 'high', 'scales', 'blocks'] as const) {
    const width = own[plane]
    if (width === 0) continue
    const start = run[plane] + (from - firstRow) * width
    const offset = target[plane] + (from - target.tensorRow) * width
    gpu.write(target.buffer, 4 * offset, words.subarray(start, start + (to - from) * width))
  }
}
