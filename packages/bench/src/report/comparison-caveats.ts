import { engineOf } from '../result/engine-of.ts'
import { unrankedReasons } from '../result/ranking.ts'
import type { BenchResult, ResultRow } from '../result/result-types.ts'
import { engineText, unrankedWords } from './words.ts'

/** Files of one quantisation differ by their headers. */
const SAME_BITS = 0.02

/** What must be said beside a ratio of two rows: that one of them is not ranked, or that they ran other weights. */
export function comparisonCaveats(result: BenchResult, base: ResultRow, other: ResultRow): readonly string[] {
  const unranked = [base, other].flatMap((row) => {
    const reasons = unrankedReasons(row).map((reason) => unrankedWords[reason])
    return reasons.length > 0 ? [`${engineText(row)} is not ranked: ${reasons.join(', ')}`] : []
  })
  const [bits, otherBits] = [base, other].map((row) => engineOf(result, row)?.identity.model.bitsPerWeight)
  if (bits === undefined || otherBits === undefined)
    return [...unranked, 'whether both ran the same bits per weight is not known']
  return Math.abs(bits - otherBits) <= SAME_BITS * bits
    ? unranked
    : [...unranked, `not the same work: ${bits.toFixed(2)} and ${otherBits.toFixed(2)} bits per weight`]
}
