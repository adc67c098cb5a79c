import type { Candidate } from './draw-token.ts'
import type { LlamaRuntime } from './llama-runtime.ts'

/** What its logit must be within for a chance to be a number at all: e^x is beyond float32 outside. */
const LOWEST_LOGIT = -104
const HIGHEST_LOGIT = 89
/** A penalty of 1.1 then errs by less than a thousandth of a logit; llama.cpp's rounding of activations by a hundred times more. */
const PRECISION = 1 / 256

/**
 * What the logarithm of chances lacks to be the logits themselves: repetition penalties go by the sign of those. wllama gives
 * chances only, but its sampler works on the true logits and can be asked which of two is larger; a search by halves does the rest.
 * @param best the likeliest of the tokens that may come next
 */
export async function findLogitLevel(
  runtime: Pick<LlamaRuntime, 'exceeds' | 'endProbes'>,
  best: Candidate,
): Promise<number> {
  let [low, high] = [LOWEST_LOGIT, HIGHEST_LOGIT]
  try {
    while (high - low > PRECISION) {
      const middle = (low + high) / 2
      if (await runtime.exceeds(best.token, middle)) low = middle
      else high = middle
    }
  } finally {
    await runtime.endProbes()
  }
  return (low + high) / 2 - Math.log(best.p)
}
