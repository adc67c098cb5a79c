import type { Gpu } from '../../device/gpu.ts'
import type { PlaneKind, PlaneSection } from '../../weights/plane-format.ts'
import { planeReader } from '../plane-reader.ts'
import quants from '../quants.wgsl?raw'
import { specialise } from '../template.ts'
import code from './embed.wgsl?raw'

/** Bindings: 0 uniform, 1 and 2 the weights buffer, 3 ids, 4 x. */
export function embedPipeline(gpu: Gpu, kind: PlaneKind): Promise<GPUComputePipeline> {
  const reader = planeReader(kind)
  return gpu.pipeline(
    'embed',
    specialise(code, {
      quants,
      load: () => reader.load(0),
      scale: () => reader.scale(0),
      value: (i) => reader.value(0, i ?? 0),
    }),
  )
}

/** `firstRow`: token id of the section's row 0; `stride`: f32 between rows of x; `idsAt`: word of the first id. */
export function embedUniform(
  section: PlaneSection,
  firstRow: number,
  stride: number,
  idsAt: number,
): Uint32Array<ArrayBuffer> {
  const groups = section.paddedColumns / 32
  const words = new Uint32Array([
    section.rows,
    firstRow,
    section.quants / 4,
    section.high,
    section.scales,
    section.blocks,
    0,
    groups,
    stride,
    idsAt,
    0,
    0,
  ])
  new Float32Array(words.buffer)[6] = 2 ** -section.scaleShift
  return words
}

export function embedGrid(section: PlaneSection, tokens: number): readonly [number, number, number] {
  return [Math.ceil(section.paddedColumns / 32 / 32), tokens, 1]
}
