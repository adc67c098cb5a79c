import type { GemmShape } from './gemm.ts'
import type { NumberType } from './matvec.ts'

export const directTileSize = 32
/** Rows and columns of the product that a thread makes. */
const EACH = 4
const SIDE = directTileSize / EACH

/**
 * Without memory of the workgroup and its barriers, which cost a CPU that pretends to be a GPU more than they save: each thread reads what it
 * needs, four numbers at a time.
 */
export function directSource(type: NumberType, { n, k }: GemmShape): string {
  const [element, enable] = {
    f32: ['vec4f', ''],
    f16: ['vec4h', 'enable f16;'],
    'int-dot': ['u32', 'requires packed_4x8_integer_dot_product;'],
  }[type]
  const total = type === 'int-dot' ? 'i32' : 'f32'
  const product = (left: string, right: string): string =>
    type === 'int-dot' ? `dot4I8Packed(${left}, ${right})` : `f32(dot(${left}, ${right}))`
  const lines = (line: (r: number, c: number) => string): string =>
    Array.from({ length: EACH * EACH }, (_, at) => line(Math.floor(at / EACH), at % EACH)).join('\n')
  const loads = Array.from(
    { length: EACH },
    (_, i) => `let left${i} = a[(row + ${i}u) * ${k / 4}u + at]; let right${i} = b[(column + ${i}u) * ${k / 4}u + at];`,
  ).join('\n')
  return /* wgsl */ `${enable}
@group(0) @binding(0) var<storage, read> a: array<${element}>;
@group(0) @binding(1) var<storage, read> b: array<${element}>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@compute @workgroup_size(${SIDE}, ${SIDE})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * ${EACH}u;
  let column = id.x * ${EACH}u;
  ${lines((r, c0) => `var sum${r}${c0} = ${total}(0);`)}
  for (var at = 0u; at < ${k / 4}u; at++) {
    ${loads}
    ${lines((r, c0) => `sum${r}${c0} += ${product(`left${r}`, `right${c0}`)};`)}
  }
  ${lines((r, c0) => `c[(row + ${r}u) * ${n}u + column + ${c0}u] = f32(sum${r}${c0});`)}
}`
}
