import { halfInvalid, halfTable, shiftedHalves } from './half.ts'
import { packBits, packNibbles, packPairs } from './pack-bits.ts'
import type { RepackJob, RepackOutcome } from './repack.ts'

/**
 * GGUF's `Q4_K` and `Q5_K`: d, dmin (f16), twelve bytes of 6-bit (scale, minimum) for eight groups, [32 bytes of fifth bits:
 * bit g of byte l is for weight l of group g], then 32 bytes of nibbles per pair of groups (even group low).
 */
export function repackK45Blocks(job: RepackJob, withHigh: boolean): RepackOutcome {
  const { source, words, floats, quants, high, scales, blocks, rows, groups } = job
  const toFloat = halfTable()
  const finite = shiftedHalves(0)
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength)
  const count = (rows * groups) / 8
  const nibblesAt = withHigh ? 48 : 16
  let from = 0
  let to = quants
  let valid = true
  for (let block = 0; block < count; block++) {
    const d = view.getUint16(from, true)
    const dmin = view.getUint16(from + 2, true)
    if (finite[d] === halfInvalid || finite[dmin] === halfInvalid) valid = false
    floats[blocks + 2 * block] = toFloat[d] ?? 0
    floats[blocks + 2 * block + 1] = toFloat[dmin] ?? 0

    // Groups 0–3: scale in the low 6 bits of bytes 0–3, minimum in those of bytes 4–7. Groups 4–7: low 4 bits in the two
    // nibbles of bytes 8–11, high 2 bits on top of bytes 0–3 (scale) and 4–7 (minimum).
    const first = view.getUint32(from + 4, true)
    const second = view.getUint32(from + 8, true)
    const third = view.getUint32(from + 12, true)
    const lowScales = first & 0x3f3f3f3f
    const lowMinima = second & 0x3f3f3f3f
    const highScales = (third & 0x0f0f0f0f) | ((first >>> 2) & 0x30303030)
    const highMinima = ((third >>> 4) & 0x0f0f0f0f) | ((second >>> 2) & 0x30303030)
    const toScale = scales + 4 * block
    words[toScale] = interleave(lowScales, lowMinima)
    words[toScale + 1] = interleave(lowScales >>> 16, lowMinima >>> 16)
    words[toScale + 2] = interleave(highScales, highMinima)
    words[toScale + 3] = interleave(highScales >>> 16, highMinima >>> 16)

    if (withHigh) {
      const toHigh = high + 8 * block
      words.fill(0, toHigh, toHigh + 8)
      for (let part = 0; part < 8; part++) {
        const bytes = view.getUint32(from + 16 + 4 * part, true)
        for (let group = 0; group < 8; group++) {
          const at = toHigh + group
          words[at] = (words[at] ?? 0) | (packBits(bytes >>> group) << (4 * part))
        }
      }
    }
    for (let pair = 0; pair < 4; pair++) {
      for (let word = 0; word < 4; word++) {
        const at = from + nibblesAt + 32 * pair + 8 * word
        const a = view.getUint32(at, true)
        const b = view.getUint32(at + 4, true)
        words[to + word] = packNibbles(a) | (packNibbles(b) << 16)
        words[to + word + 4] = packNibbles(a >>> 4) | (packNibbles(b >>> 4) << 16)
      }
      to += 8
    }
    from += nibblesAt + 128
  }
  return valid ? 'done' : 'invalid'
}

/** Bytes 0 and 1 of `scales` and `minima` as (scale 0, minimum 0, scale 1, minimum 1). */
function interleave(scales: number, minima: number): number {
  return (scales & 0xff) | ((minima & 0xff) << 8) | ((scales & 0xff00) << 8) | ((minima & 0xff00) << 16)
}

/**
 * GGUF's `Q6_K`: two halves of 64 bytes of low nibbles, two of 32 bytes of high bit pairs, sixteen signed scales (one per 16
 * weights), d (f16). In a half, the groups 0 … 3 take: nibbles of bytes 0–31 low, 32–63 low, 0–31 high, 32–63 high, and
 * bit pair g of the 32 bytes.
 */
export function repackK6Blocks(job: RepackJob): RepackOutcome {
  const { source, words, floats, quants, high, scales, blocks, rows, groups } = job
  const toFloat = halfTable()
  const finite = shiftedHalves(0)
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength)
  const count = (rows * groups) / 8
  let from = 0
  let to = quants
  let toHigh = high
  let valid = true
  for (let block = 0; block < count; block++) {
    const d = view.getUint16(from + 208, true)
    if (finite[d] === halfInvalid) valid = false
    floats[blocks + block] = toFloat[d] ?? 0
    for (let word = 0; word < 4; word++) {
      words[scales + 4 * block + word] = view.getUint32(from + 192 + 4 * word, true)
    }
    for (let half = 0; half < 2; half++) {
      const low = from + 64 * half
      for (let side = 0; side < 2; side++) {
        for (let word = 0; word < 4; word++) {
          const a = view.getUint32(low + 32 * side + 8 * word, true)
          const b = view.getUint32(low + 32 * side + 8 * word + 4, true)
          words[to + 4 * side + word] = packNibbles(a) | (packNibbles(b) << 16)
          words[to + 4 * side + word + 8] = packNibbles(a >>> 4) | (packNibbles(b >>> 4) << 16)
        }
      }
      for (let word = 0; word < 2; word++) {
        const at = from + 128 + 32 * half + 16 * word
        const a = view.getUint32(at, true)
        const b = view.getUint32(at + 4, true)
        const c = view.getUint32(at + 8, true)
        const e = view.getUint32(at + 12, true)
        for (let group = 0; group < 4; group++) {
          const by = 2 * group
          words[toHigh + 2 * group + word] =
            packPairs(a >>> by) | (packPairs(b >>> by) << 8) | (packPairs(c >>> by) << 16) | (packPairs(e >>> by) << 24)
        }
      }
      to += 16
      toHigh += 8
    }
    from += 210
  }
  return valid ? 'done' : 'invalid'
}
