import type { ChosenToken } from '../../engine-types.ts'

/** A token's chance and the `top` likeliest, in float64 and by a sort. NaN and −∞ have no chance. */
export function rankedTokens(logits: Float32Array, token: number, top: number): ChosenToken {
  const finite = [...logits.entries()].filter(([, logit]) => logit > Number.NEGATIVE_INFINITY)
  const best = finite.reduce((most, [, logit]) => Math.max(most, logit), Number.NEGATIVE_INFINITY)
  const logTotal = Math.log(finite.reduce((sum, [, logit]) => sum + Math.exp(logit - best), 0))
  const logprob = (logit: number): number => logit - best - logTotal
  const sorted = finite.sort(([a, one], [b, other]) => other - one || a - b)
  return {
    token,
    logprob: logprob(logits[token] ?? Number.NaN),
    top: sorted.slice(0, top).map(([id, logit]) => ({ token: id, logprob: logprob(logit) })),
  }
}
