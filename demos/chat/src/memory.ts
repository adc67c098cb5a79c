import type { ChatMessage } from '@sampan/core'

/** Share of the context that a conversation may fill before its beginning is left out, so that an answer has room. */
const fullAt = 0.7
/** Share that what is kept may fill then, so that not every turn forgets. */
const keptShare = 0.4

/**
 * The end of a conversation that has room for one more question and its answer: the oldest turns go. `usedTokens`: of the last
 * prompt and its answer, by which the length of text is judged; 0 when not known.
 */
export function recent(history: readonly ChatMessage[], usedTokens: number, contextLength: number): ChatMessage[] {
  if (usedTokens <= contextLength * fullAt) return [...history]
  const length = (messages: readonly ChatMessage[]): number => JSON.stringify(messages).length
  const most = (length(history) * contextLength * keptShare) / usedTokens
  let kept = [...history]
  while (length(kept) > most) {
    const fewer = withoutOldestTurn(kept)
    if (!fewer) break
    kept = fewer
  }
  return kept
}

/** Without the first question and all that followed it; undefined where only the last question is left. */
export function withoutOldestTurn(history: readonly ChatMessage[]): ChatMessage[] | undefined {
  const next = history.findIndex(({ role }, index) => index > 0 && role === 'user')
  return next < 0 ? undefined : history.slice(next)
}
