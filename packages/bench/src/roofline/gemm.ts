import type { PreparedWork } from './copy.ts'
import { directSource, directTileSize } from './gemm-direct.ts'
import { type NumberType, weightBytes } from './matvec.ts'
import { bind, compileShader, storage } from './shader.ts'

/** How a product is divided: no division is the fastest on every GPU, so all are tried and the fastest counts. */
export interface GemmTile {
  /** Rows and columns of the product that a workgroup makes. */
  readonly size: 32 | 64 | 128
  /** Rows and columns of it that one thread makes. */
  readonly each: 4 | 8
  /** Through memory that the workgroup shares. */
  readonly shared: boolean
}

export const gemmTiles: readonly GemmTile[] = [
  { size: directTileSize, each: 4, shared: false },
  { size: 32, each: 4, shared: true },
  { size: 64, each: 4, shared: true },
  { size: 64, each: 8, shared: true },
  { size: 128, each: 8, shared: true },
]

/** Of the inner dimension that a workgroup holds at a time; int-dot holds four numbers in each. */
const DEPTH = 16

export interface GemmShape {
  readonly m: number
  readonly n: number
  readonly k: number
}

function sharedSource(type: NumberType, { size, each }: GemmTile, { n, k }: GemmShape): string {
  const [element, accumulator, enable, product] = {
    f32: ['f32', 'f32', '', 'acc[r][c] + left[r] * right[c]'],
    f16: ['f16', 'f16', 'enable f16;', 'acc[r][c] + left[r] * right[c]'],
    'int-dot': [
      'u32',
      'i32',
      'requires packed_4x8_integer_dot_product;',
      'acc[r][c] + dot4I8Packed(left[r], right[c])',
    ],
  }[type]
  const inner = type === 'int-dot' ? k / 4 : k
  const side = size / each
  const loads = (size * DEPTH) / (side * side)
  // Sums of f16 are carried over to f32 after each part of the inner dimension: as prefill kernels must.
  const total = type === 'int-dot' ? 'i32' : 'f32'
  return /* wgsl */ `${enable}
@group(0) @binding(0) var<storage, read> a: array<${element}>;
@group(0) @binding(1) var<storage, read> b: array<${element}>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
var<workgroup> tileA: array<${element}, ${size * DEPTH}>;
var<workgroup> tileB: array<${element}, ${size * DEPTH}>;
@compute @workgroup_size(${side}, ${side})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let firstRow = group.y * ${size}u;
  let firstColumn = group.x * ${size}u;
  var sums: array<array<${total}, ${each}>, ${each}>;
  for (var start = 0u; start < ${inner}u; start += ${DEPTH}u) {
    for (var i = 0u; i < ${loads}u; i++) {
      let at = thread + i * ${side * side}u;
      let row = at / ${DEPTH}u;
      let depth = at % ${DEPTH}u;
      tileA[depth * ${size}u + row] = a[(firstRow + row) * ${inner}u + start + depth];
      tileB[depth * ${size}u + row] = b[(firstColumn + row) * ${inner}u + start + depth];
    }
    workgroupBarrier();
    // Without a value it keeps the last one's in SwiftShader, though the language has it zero each time.
    var acc = array<array<${accumulator}, ${each}>, ${each}>();
    for (var depth = 0u; depth < ${DEPTH}u; depth++) {
      var left: array<${element}, ${each}>;
      var right: array<${element}, ${each}>;
      for (var i = 0u; i < ${each}u; i++) {
        left[i] = tileA[depth * ${size}u + id.y + i * ${side}u];
        right[i] = tileB[depth * ${size}u + id.x + i * ${side}u];
      }
      for (var r = 0u; r < ${each}u; r++) { for (var c = 0u; c < ${each}u; c++) { acc[r][c] = ${product}; } }
    }
    for (var r = 0u; r < ${each}u; r++) { for (var c = 0u; c < ${each}u; c++) { sums[r][c] += ${total}(acc[r][c]); } }
    workgroupBarrier();
  }
  for (var r = 0u; r < ${each}u; r++) {
    for (var c0 = 0u; c0 < ${each}u; c0++) {
      c[(firstRow + id.y + r * ${side}u) * ${n}u + firstColumn + id.x + c0 * ${side}u] = f32(sums[r][c0]);
    }
  }
}`
}

/** `a` (m × k) times `b` transposed (n × k), as prefill multiplies tokens with weights; sides are multiples of 128. */
export async function gemmWork(
  device: GPUDevice,
  type: NumberType,
  shape: GemmShape,
  tile: GemmTile,
  fill?: { readonly a: Uint32Array<ArrayBuffer>; readonly b: Uint32Array<ArrayBuffer> },
): Promise<PreparedWork> {
  const { m, n, k } = shape
  const { pipeline, layout } = await compileShader(
    device,
    tile.shared ? sharedSource(type, tile, shape) : directSource(type, shape),
    3,
  )
  const a = storage(device, m * k * weightBytes[type], fill?.a)
  const b = storage(device, n * k * weightBytes[type], fill?.b)
  const c = storage(device, m * n * 4)
  const group = bind(device, layout, [a, b, c])
  return {
    output: c,
    record: (pass, repeats) => {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      for (let count = 0; count < repeats; count++) pass.dispatchWorkgroups(n / tile.size, m / tile.size)
    },
    destroy: () => {
      for (const buffer of [a, b, c]) buffer.destroy()
    },
  }
}
