import type { BenchModel } from '../engines/bench-engine.ts'

/** A prompt and how the reference goes on, greedily: cases of a file that `npm run verify` takes. */
export interface ReferenceCase {
  readonly name: string
  readonly ids: readonly number[]
  readonly greedy: readonly number[]
  /** For each token of `greedy` the reference's largest logits, best first. */
  readonly top?: readonly (readonly (readonly [id: number, logit: number])[])[]
}

export interface Reference {
  readonly name: string
  readonly cases: readonly ReferenceCase[]
}

export interface Agreement {
  readonly reference: string
  /** Where the reference's own two best are apart. */
  readonly positions: number
  readonly agreeing: number
}

/** Logits that are closer than this are as good as equal: which is larger is a matter of rounding. */
const NEAR_TIE = 0.05

/**
 * Teacher forcing: with the reference's tokens before it, is the engine's likeliest token the reference's?
 * @returns undefined where the engine cannot tell
 */
export async function checkAgreement(
  model: BenchModel,
  { name, cases }: Reference,
  signal: AbortSignal,
): Promise<Agreement | undefined> {
  if (model.cannot['next-tokens'] !== undefined) return undefined
  let positions = 0
  let agreeing = 0
  for (const { ids, greedy, top } of cases) {
    const next = await model.nextTokens([...ids, ...greedy.slice(0, -1)], ids.length - 1, signal)
    for (const [index, token] of greedy.entries()) {
      const [first, second] = top?.[index] ?? []
      const isTie = first !== undefined && second !== undefined && first[1] - second[1] < NEAR_TIE
      const agrees = next[index] === token
      if (isTie && !agrees) continue
      positions++
      if (agrees) agreeing++
    }
  }
  return positions === 0 ? undefined : { reference: name, positions, agreeing }
}
