import type { PlaneKind } from '../weights/plane-format.ts'

/**
 * WGSL fragments that read one group of 32 weights of a plane kind. `slot` names the variables, so that several rows can
 * be in flight. The fragments expect in scope: `weights4: array<vec4<u32>>`, `weights1: array<u32>` (the same buffer),
 * `groups: u32` (groups a row), `g: u32`, for each slot `row_SLOT: u32`, and `section_a: Section` for slots 0 and 1,
 * `section_b` for 2 and 3 (the same one unless two matrices are multiplied at once).
 */
export interface PlaneReader {
  /** Statements that load the group's quants into registers. */
  readonly load: (slot: number) => string
  /** Expression: weights `4·chunk … 4·chunk+3` as vec4<f32>, without scale, zero point taken off. */
  readonly chunk: (slot: number, chunk: number) => string
  /** Statements that define `s_SLOT` (weights 0–15), `t_SLOT` (16–31), and, where `minimum`, `m_SLOT`. */
  readonly scale: (slot: number) => string
  /** Expression: the same four weights as they are, scaled (needs both `load` and `scale`). */
  readonly value: (slot: number, chunk: number) => string
  /** The value is s·q − m. */
  readonly minimum: boolean
  /** s and t may differ. */
  readonly twoScales: boolean
}

export function planeReader(kind: PlaneKind): PlaneReader {
  const { load, chunk } = quants(kind)
  const minimum = kind.scale === 'sm16' || kind.scale === 'k45' || kind.scale === 'sz8'
  const twoScales = kind.scale === 'k6'
  return {
    load,
    chunk,
    scale: (slot) => scaleText(kind, slot),
    value: (slot, i) =>
      kind.scale === 'sz8'
        ? `s_${slot} * (${chunk(slot, i)} - z_${slot})`
        : `${twoScales && i >= 4 ? 't' : 's'}_${slot} * ${chunk(slot, i)}${minimum ? ` - m_${slot}` : ''}`,
    minimum,
    twoScales,
  }
}

const section = (slot: number): string => (slot < 2 ? 'section_a' : 'section_b')
const index = (slot: number): string => `(row_${slot} * groups + g)`

function quants(kind: PlaneKind): Pick<PlaneReader, 'load' | 'chunk'> {
  const zero = kind.scale === 's16' ? { 4: 8, 5: 16, 8: 0 }[kind.bits] : kind.scale === 'k6' ? 32 : 0
  const offset = zero === 0 ? '' : ` - ${zero}`
  const nibbles = (slot: number, i: number): string => `nibbles_${i % 2 === 0 ? 'low' : 'high'}(w_${slot}[${i >> 1}])`
  switch (kind.bits) {
    case 4:
      return {
        load: (slot) => `let w_${slot} = weights4[${section(slot)}.quants + ${index(slot)}];`,
        chunk: (slot, i) => `vec4<f32>(${nibbles(slot, i)}${offset})`,
      }
    case 5:
      return {
        load: (slot) =>
          `let w_${slot} = weights4[${section(slot)}.quants + ${index(slot)}]; let h_${slot} = weights1[${section(slot)}.high + ${index(slot)}];`,
        chunk: (slot, i) => `vec4<f32>((${nibbles(slot, i)} | fifth_bits(h_${slot}, ${4 * i}u))${offset})`,
      }
    case 6:
      return {
        load: (slot) =>
          `let w_${slot} = weights4[${section(slot)}.quants + ${index(slot)}]; let h_${slot}_0 = weights1[${section(slot)}.high + 2u * ${index(slot)}]; let h_${slot}_1 = weights1[${section(slot)}.high + 2u * ${index(slot)} + 1u];`,
        chunk: (slot, i) =>
          `vec4<f32>((${nibbles(slot, i)} | upper_pairs(h_${slot}_${i >> 2}, ${8 * (i % 4)}u))${offset})`,
      }
    case 8:
      return {
        load: (slot) => vectors(slot, 2),
        chunk: (slot, i) => `signed_bytes(w_${slot}_${i >> 2}[${i % 4}])`,
      }
    case 'f16':
      return { load: (slot) => vectors(slot, 4), chunk: (slot, i) => `halves(${pair(slot, i)})` }
    case 'bf16':
      return { load: (slot) => vectors(slot, 4), chunk: (slot, i) => `brains(${pair(slot, i)})` }
    case 'f32':
      return { load: (slot) => vectors(slot, 8), chunk: (slot, i) => `bitcast<vec4<f32>>(w_${slot}_${i})` }
    default:
      kind satisfies never
      throw new Error('unreachable')
  }
}

const pair = (slot: number, i: number): string => {
  const vector = `w_${slot}_${i >> 1}`
  return `${vector}[${2 * (i % 2)}], ${vector}[${2 * (i % 2) + 1}]`
}

function vectors(slot: number, count: number): string {
  return Array.from(
    { length: count },
    (_, v) => `let w_${slot}_${v} = weights4[${section(slot)}.quants + ${count}u * ${index(slot)} + ${v}u];`,
  ).join(' ')
}

function scaleText(kind: PlaneKind, slot: number): string {
  const row = `row_${slot}`
  switch (kind.scale) {
    case 's16':
      return `let c_${slot} = unpack2x16float(weights1[${section(slot)}.scales + ${row} * ((groups + 1u) / 2u) + g / 2u]); let s_${slot} = select(c_${slot}.x, c_${slot}.y, (g & 1u) == 1u) * ${section(slot)}.factor;`
    case 'sm16':
      return `let c_${slot} = unpack2x16float(weights1[${section(slot)}.scales + ${index(slot)}]) * ${section(slot)}.factor; let s_${slot} = c_${slot}.x; let m_${slot} = c_${slot}.y;`
    case 'sz8':
      return `let c_${slot} = bitcast<i32>(weights1[${section(slot)}.scales + ${row} * ((groups + 1u) / 2u) + g / 2u] >> (16u * (g & 1u))); let s_${slot} = bitcast<f32>(weights1[${section(slot)}.blocks + ${row}]) * f32((c_${slot} & 255) * (c_${slot} & 255)); let z_${slot} = 0.0625 * f32((c_${slot} >> 8u) & 255); let m_${slot} = s_${slot} * z_${slot};`
    case 'k45':
      return `let c_${slot} = weights1[${section(slot)}.scales + ${row} * (groups / 2u) + g / 2u] >> (16u * (g & 1u)); let b_${slot} = ${section(slot)}.blocks + 2u * (${row} * (groups / 8u) + g / 8u); let s_${slot} = bitcast<f32>(weights1[b_${slot}]) * f32(c_${slot} & 255u); let m_${slot} = bitcast<f32>(weights1[b_${slot} + 1u]) * f32((c_${slot} >> 8u) & 255u);`
    case 'k6':
      return `let c_${slot} = bitcast<i32>(weights1[${section(slot)}.scales + ${row} * (groups / 2u) + g / 2u] << (16u * (1u - (g & 1u)))); let b_${slot} = bitcast<f32>(weights1[${section(slot)}.blocks + ${row} * (groups / 8u) + g / 8u]); let s_${slot} = b_${slot} * f32((c_${slot} << 8u) >> 24u); let t_${slot} = b_${slot} * f32(c_${slot} >> 24u);`
    case 'none':
      return `let s_${slot} = 1.0;`
    default:
      kind satisfies never
      throw new Error('unreachable')
  }
}
