import { halfInvalid, halfOverflows, shiftedHalves } from './half.ts'
import { packNibbles } from './pack-bits.ts'
import type { RepackJob, RepackOutcome } from './repack.ts'

/**
 * GGUF's 32-weight blocks with 4- or 5-bit quants (`Q4_0`, `Q4_1`, `Q5_0`, `Q5_1`): scale, [minimum], [fifth bits], then 16
 * bytes, of which byte j holds weight j low and weight j + 16 high. The fifth bits are already in plane order.
 */
export function repackNibbleBlocks(job: RepackJob, withMinimum: boolean, withHigh: boolean): RepackOutcome {
  const { source, words, halves, quants, high, scales, rows, groups } = job
  const shift = shiftedHalves(job.scaleShift)
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength)
  const nibblesAt = 2 + (withMinimum ? 2 : 0) + (withHigh ? 4 : 0)
  const rowHalves = withMinimum ? 2 * groups : groups + (groups & 1)
  const halfStep = withMinimum ? 2 : 1
  let from = 0
  let to = quants
  let toHigh = high
  let worst = 0
  for (let row = 0; row < rows; row++) {
    let toHalf = 2 * scales + row * rowHalves
    for (let group = 0; group < groups; group++) {
      const scale = shift[view.getUint16(from, true)] ?? 0
      if ((scale & halfOverflows) === halfOverflows && scale > worst) worst = scale
      halves[toHalf] = scale
      if (withMinimum) {
        const minimum = shift[view.getUint16(from + 2, true)] ?? 0
        if ((minimum & halfOverflows) === halfOverflows && minimum > worst) worst = minimum
        halves[toHalf + 1] = minimum ^ 0x8000
      }
      if (withHigh) words[toHigh++] = view.getUint32(from + nibblesAt - 4, true)
      const a = view.getUint32(from + nibblesAt, true)
      const b = view.getUint32(from + nibblesAt + 4, true)
      const c = view.getUint32(from + nibblesAt + 8, true)
      const d = view.getUint32(from + nibblesAt + 12, true)
      words[to] = packNibbles(a) | (packNibbles(b) << 16)
      words[to + 1] = packNibbles(c) | (packNibbles(d) << 16)
      words[to + 2] = packNibbles(a >>> 4) | (packNibbles(b >>> 4) << 16)
      words[to + 3] = packNibbles(c >>> 4) | (packNibbles(d >>> 4) << 16)
      to += 4
      toHalf += halfStep
      from += nibblesAt + 16
    }
    if (!withMinimum && groups & 1) halves[toHalf] = 0
  }
  return outcomeOf(worst)
}

/** GGUF's `Q8_0`: scale, then 32 signed bytes in order. */
export function repackByteBlocks(job: RepackJob): RepackOutcome {
  const { source, words, halves, quants, scales, rows, groups } = job
  const shift = shiftedHalves(job.scaleShift)
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength)
  let from = 0
  let to = quants
  let worst = 0
  for (let row = 0; row < rows; row++) {
    let toHalf = 2 * scales + row * (groups + (groups & 1))
    for (let group = 0; group < groups; group++) {
      const scale = shift[view.getUint16(from, true)] ?? 0
      if ((scale & halfOverflows) === halfOverflows && scale > worst) worst = scale
      halves[toHalf++] = scale
      for (let word = 0; word < 8; word++) words[to + word] = view.getUint32(from + 2 + 4 * word, true)
      to += 8
      from += 34
    }
    if (groups & 1) halves[toHalf] = 0
  }
  return outcomeOf(worst)
}

function outcomeOf(worst: number): RepackOutcome {
  return worst === 0 ? 'done' : worst === halfInvalid ? 'invalid' : 'overflow'
}
