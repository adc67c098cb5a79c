import type { LogitEdits } from './logit-edits.ts'

/** Logits as sampling is to see them, step by step as the options' descriptions say. */
export function adjustedLogits(
  logits: Float32Array,
  edits: LogitEdits,
  prompt: readonly number[],
  answer: readonly number[],
  mask?: Uint32Array,
): Float32Array {
  const { frequencyPenalty = 0, presencePenalty = 0, repetitionPenalty = 1, logitBias = [] } = edits
  const adjusted = Float32Array.from(logits)
  const change = (token: number, by: (logit: number) => number): void => {
    const logit = adjusted[token] ?? Number.NaN
    if (!Number.isNaN(logit) && logit !== Number.NEGATIVE_INFINITY) adjusted[token] = by(logit)
  }
  for (const token of new Set([...prompt, ...answer]))
    change(token, (logit) => (logit < 0 ? logit * repetitionPenalty : logit / repetitionPenalty))
  for (const token of answer) change(token, (logit) => logit - frequencyPenalty)
  for (const token of new Set(answer)) change(token, (logit) => logit - presencePenalty)
  for (const [token, bias] of logitBias) change(token, (logit) => logit + bias)
  return mask ? adjusted.map((logit, token) => (isAllowed(mask, token) ? logit : Number.NEGATIVE_INFINITY)) : adjusted
}

export const isAllowed = (mask: Uint32Array, token: number): boolean =>
  (((mask[token >> 5] ?? 0) >>> (token & 31)) & 1) === 1

/** A mask that allows just these. */
export function maskOf(tokens: readonly number[], vocabulary: number): Uint32Array<ArrayBuffer> {
  const mask = new Uint32Array(Math.ceil(vocabulary / 32))
  for (const token of tokens) mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31))
  return mask
}
