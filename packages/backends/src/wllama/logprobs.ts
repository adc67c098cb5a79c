import type { ChosenToken } from '@sampan/core/backend'
import { LEAST_LOGPROB } from '../least-logprob.ts'
import type { Candidate } from './draw-token.ts'

/** Candidates beyond those asked for, to see which of equal chances has the lowest id. */
export const LOGPROB_ROOM_FOR_TIES = 8

/**
 * @param candidates raw, best first
 * @param complete all of the vocabulary
 * @returns undefined when tokens that are not among these might belong to the best
 */
export function chosenToken(
  token: number,
  top: number,
  candidates: readonly Candidate[],
  complete: boolean,
): ChosenToken | undefined {
  const chosen = candidates.find((candidate) => candidate.token === token)
  const least = candidates.at(-1)?.p ?? 0
  const last = top > 0 ? candidates[top - 1]?.p : Number.POSITIVE_INFINITY
  if (!chosen || (!complete && (last === undefined || last <= least))) return undefined
  // llama.cpp sums chances in float32, which loses a little where the vocabulary is large: here they are all there to be summed.
  const sum = complete ? candidates.reduce((mass, { p }) => mass + p, 0) : 1
  const logprob = ({ p }: Candidate): number => (p > 0 ? Math.min(0, Math.log(p / sum)) : LEAST_LOGPROB)
  return {
    token,
    logprob: logprob(chosen),
    top: best(candidates, top).map((one) => ({ token: one.token, logprob: logprob(one) })),
  }
}

/** The first `count`, of equal chances those with the lowest ids. */
function best(candidates: readonly Candidate[], count: number): readonly Candidate[] {
  const last = candidates[count - 1]?.p ?? 0
  if (count === 0) return []
  return candidates
    .filter(({ p }) => p >= last)
    .toSorted((a, b) => b.p - a.p || a.token - b.token)
    .slice(0, count)
}
