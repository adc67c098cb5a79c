import type { GenerationRequest } from '../backend.ts'
import { turnStarts, withoutTurnsBefore } from '../chat/without-oldest-turns.ts'

/**
 * The request with as few of its oldest turns left out as leaves room for the answer; undefined when even the last turn leaves none.
 * Where not even that leaves room for an answer of `maxTokens`, half the context must do, and else whatever is left. Prompts are
 * counted about log₂ of the turns times.
 */
export function fitContext(
  request: GenerationRequest,
  contextLength: number,
  countTokens: (request: GenerationRequest) => number,
): GenerationRequest | undefined {
  const starts = turnStarts(request.messages)
  const cut = (index: number): GenerationRequest => ({
    ...request,
    messages: withoutTurnsBefore(request.messages, starts[index] ?? 0),
  })
  const { maxTokens = 1 } = request
  const shortest = countTokens(cut(starts.length - 1))
  const answer = [maxTokens, Math.min(maxTokens, contextLength >> 1), 1].find(
    (tokens) => shortest + tokens <= contextLength,
  )
  if (answer === undefined) return undefined
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (countTokens(cut(middle)) + answer <= contextLength) high = middle
    else low = middle + 1
  }
  return cut(low)
}
