import type { TokenGenerateOptions } from '@sampan/core/backend'
import { BackendError } from '../backend-error.ts'

// As on Sampan's own engine.
const LARGEST_PENALTY = 2
const LARGEST_REPETITION = 10
const LARGEST_BIAS = 100
const MOST_TOP_LOGPROBS = 20

/**
 * What core cannot know, or an engine must not rely on.
 * @throws BackendError `option-invalid` naming the option
 */
export function checkGenerateOptions(
  options: TokenGenerateOptions,
  vocabularySize: number,
  promptTokens: number,
): void {
  const { repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0, logitBias = [], logprobs } = options
  const { answered = 0 } = options
  if (!Number.isInteger(answered) || answered < 0 || answered >= promptTokens)
    throw invalid('answered', `a whole number from 0 to ${promptTokens - 1}, of the prompt's tokens`, answered)
  if (!(repetitionPenalty > 0 && repetitionPenalty <= LARGEST_REPETITION))
    throw invalid('repetitionPenalty', `above 0 and at most ${LARGEST_REPETITION}, 1 for off`, repetitionPenalty)
  checkBound('frequencyPenalty', frequencyPenalty, LARGEST_PENALTY)
  checkBound('presencePenalty', presencePenalty, LARGEST_PENALTY)
  for (const [token, bias] of logitBias) {
    if (!Number.isInteger(token) || token < 0 || token >= vocabularySize)
      throw invalid('logitBias', `for tokens of this model's vocabulary of ${vocabularySize}`, token)
    checkBound('logitBias', bias, LARGEST_BIAS)
  }
  const top = logprobs?.top ?? 0
  if (!Number.isInteger(top) || top < 0 || top > MOST_TOP_LOGPROBS)
    throw invalid('logprobs.top', `a whole number from 0 to ${MOST_TOP_LOGPROBS}`, top)
}

function checkBound(option: string, value: number, bound: number): void {
  if (!(value >= -bound && value <= bound)) throw invalid(option, `from ${-bound} to ${bound}`, value)
}

function invalid(option: string, wanted: string, given: number): BackendError {
  return new BackendError('option-invalid', `${option} must be ${wanted}, not ${given}.`, { option })
}
