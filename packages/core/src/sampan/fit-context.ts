import type { GenerationMessage, GenerationRequest } from '../backend.ts'
import { withoutOldestTurn } from '../chat/without-oldest-turn.ts'

/**
 * The request with as few of its oldest turns left out as leaves room for the answer; undefined when even the last turn leaves none.
 * Prompts are counted about log₂ of the turns times.
 */
export function fitContext(
  request: GenerationRequest,
  contextLength: number,
  countTokens: (request: GenerationRequest) => number,
): GenerationRequest | undefined {
  const room = contextLength - (request.maxTokens ?? 1)
  const shorter: (readonly GenerationMessage[])[] = [request.messages]
  for (let next = withoutOldestTurn(request.messages); next; next = withoutOldestTurn(next)) shorter.push(next)
  const fits = (index: number): boolean => countTokens({ ...request, messages: shorter[index] ?? [] }) <= room
  let [low, high] = [0, shorter.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (fits(middle)) high = middle
    else low = middle + 1
  }
  const messages = shorter[low]
  return messages && { ...request, messages }
}
