import type { PreparedWork } from './copy.ts'
import { bind, compileShader, grid, storage } from './shader.ts'

export type NumberType = 'f32' | 'f16' | 'int-dot'

const WORKGROUP = 64
/** Rows of a workgroup: what it reads of the vector serves them all. */
const ROWS = 4

export interface MatvecShape {
  readonly rows: number
  readonly columns: number
}

/** Bytes of one weight. */
export const weightBytes: Readonly<Record<NumberType, number>> = { f32: 4, f16: 2, 'int-dot': 1 }

function source(type: NumberType): string {
  const [vector, enable, dot] = {
    f32: ['vec4f', '', 'dot(weights[row + at], input[at])'],
    f16: ['vec4h', 'enable f16;', 'f32(dot(weights[row + at], input[at]))'],
    'int-dot': ['u32', 'requires packed_4x8_integer_dot_product;', 'f32(dot4I8Packed(weights[row + at], input[at]))'],
  }[type]
  return /* wgsl */ `${enable}
@group(0) @binding(0) var<storage, read> weights: array<${vector}>;
@group(0) @binding(1) var<storage, read> input: array<${vector}>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
var<workgroup> sums: array<array<f32, ${WORKGROUP}>, ${ROWS}>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let columns = arrayLength(&input);
  let first = (group.y * groups.x + group.x) * ${ROWS}u;
  for (var r = 0u; r < ${ROWS}u; r++) {
    let row = (first + r) * columns;
    var sum = 0.0;
    for (var at = thread; at < columns; at += ${WORKGROUP}u) { sum += ${dot}; }
    sums[r][thread] = sum;
  }
  workgroupBarrier();
  for (var width = ${WORKGROUP / 2}u; width > 0u; width /= 2u) {
    if (thread < width) { for (var r = 0u; r < ${ROWS}u; r++) { sums[r][thread] += sums[r][thread + width]; } }
    workgroupBarrier();
  }
  if (thread < ${ROWS}u && first + thread < arrayLength(&output)) { output[first + thread] = sums[thread][0]; }
}`
}

/** A matrix of `rows` × `columns` (multiples of 4) times a vector, row by row as decoding does it; int-dot: 8-bit whole numbers, four at a time. */
export async function matvecWork(
  device: GPUDevice,
  type: NumberType,
  { rows, columns }: MatvecShape,
  fill?: { readonly weights: Uint32Array<ArrayBuffer>; readonly input: Uint32Array<ArrayBuffer> },
): Promise<PreparedWork> {
  const { pipeline, layout } = await compileShader(device, source(type), 3)
  const weights = storage(device, rows * columns * weightBytes[type], fill?.weights)
  const input = storage(device, columns * weightBytes[type], fill?.input)
  const output = storage(device, rows * 4)
  const group = bind(device, layout, [weights, input, output])
  const [x, y] = grid(rows / ROWS)
  return {
    output,
    record: (pass, repeats) => {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      for (let count = 0; count < repeats; count++) pass.dispatchWorkgroups(x, y)
    },
    destroy: () => {
      for (const buffer of [weights, input, output]) buffer.destroy()
    },
  }
}
