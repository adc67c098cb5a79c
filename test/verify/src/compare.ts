import type { ReferenceCase } from './reference-file.ts'

/** Where the reference's own two best are closer than this, either choice is right. */
export const TIE_LOGITS = 0.05

/** Least part of the steps in which the likeliest token must be the reference's. */
export const LEAST_AGREEMENT = 0.99

export interface Disagreement {
  readonly step: number
  readonly expected: number
  /** Undefined when no logit was a number. */
  readonly got: number | undefined
  /** How far apart the reference's two best are. */
  readonly margin: number
}

export interface CaseResult {
  readonly name: string
  readonly promptEqual: boolean
  readonly idsEqual: boolean
  readonly steps: number
  readonly agreed: number
  /** Disagreements that count. */
  readonly wrong: readonly Disagreement[]
  /** Disagreements where the reference itself could hardly decide. */
  readonly ties: readonly Disagreement[]
  /** Largest |Δlogit| among the reference's best; NaN when one of ours is no number. */
  readonly largestDifference: number
}

export interface Total {
  readonly promptsEqual: boolean
  readonly idsEqual: boolean
  readonly steps: number
  readonly agreed: number
  readonly ties: number
  /** Of the steps that count; 0 when there are none. */
  readonly agreement: number
  readonly largestDifference: number
  readonly ok: boolean
}

/** Compares logits step by step as they are computed; rows need not be kept. */
export class CaseComparison {
  readonly #reference: ReferenceCase
  #agreed = 0
  #steps = 0
  #largestDifference = 0
  readonly #wrong: Disagreement[] = []
  readonly #ties: Disagreement[] = []

  constructor(reference: ReferenceCase) {
    this.#reference = reference
  }

  /** @param logits one row, over the whole vocabulary */
  step(index: number, logits: Float32Array): void {
    const expected = this.#reference.greedy[index]
    const top = this.#reference.top[index] ?? []
    if (expected === undefined) throw new RangeError(`the reference has no step ${index}`)
    this.#steps++
    for (const [id, logit] of top) {
      const difference = Math.abs((logits[id] ?? Number.NaN) - logit)
      // Math.max passes NaN on, which is wanted: it must not be hidden by later steps.
      this.#largestDifference = Math.max(this.#largestDifference, difference)
    }
    const got = indexOfLargest(logits)
    if (got === expected) {
      this.#agreed++
      return
    }
    const margin = (top[0]?.[1] ?? 0) - (top[1]?.[1] ?? Number.NEGATIVE_INFINITY)
    const list = margin < TIE_LOGITS ? this.#ties : this.#wrong
    list.push({ step: index, expected, got, margin })
  }

  result(promptEqual: boolean, idsEqual: boolean): CaseResult {
    return {
      name: this.#reference.name,
      promptEqual,
      idsEqual,
      steps: this.#steps,
      agreed: this.#agreed,
      wrong: this.#wrong,
      ties: this.#ties,
      largestDifference: this.#largestDifference,
    }
  }
}

function indexOfLargest(values: Float32Array): number | undefined {
  let best: number | undefined
  let largest = Number.NEGATIVE_INFINITY
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN
    if (value > largest) {
      largest = value
      best = index
    }
  }
  return best
}

export function totalOf(results: readonly CaseResult[]): Total {
  const sum = (count: (result: CaseResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0)
  const [steps, agreed, ties] = [sum((r) => r.steps), sum((r) => r.agreed), sum((r) => r.ties.length)]
  const promptsEqual = results.every((result) => result.promptEqual)
  const idsEqual = results.every((result) => result.idsEqual)
  const agreement = steps > ties ? agreed / (steps - ties) : 0
  const largestDifference = results.reduce((largest, result) => Math.max(largest, result.largestDifference), 0)
  const ok = promptsEqual && idsEqual && agreement >= LEAST_AGREEMENT && !Number.isNaN(largestDifference)
  return { promptsEqual, idsEqual, steps, agreed, ties, agreement, largestDifference, ok }
}
