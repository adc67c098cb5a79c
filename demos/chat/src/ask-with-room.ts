import type { AnswerDelta, ChatMessage, Model } from '@sampan/core'
import { ask, type Figures, type Question } from './ask.ts'
import { failureOf } from './failure.ts'
import { recent, withoutOldestTurn } from './memory.ts'
import type { Settings } from './settings.ts'

export interface Answered {
  readonly figures: Figures
  /** What was sent: the beginning of a long conversation may be missing. */
  readonly asked: readonly ChatMessage[]
}

/**
 * Asks, and leaves out the beginning of a conversation that has grown longer than the model can keep in mind.
 * `usedTokens`: of the last prompt and its answer.
 */
export async function askWithRoom(
  model: Model,
  { messages, tools }: Question,
  usedTokens: number,
  settings: Settings,
  signal: AbortSignal,
  onDelta: (delta: AnswerDelta) => void,
): Promise<Answered> {
  let asked = recent(messages, usedTokens, model.info.contextLength)
  for (;;) {
    try {
      return { figures: await ask(model, { messages: asked, tools }, settings, signal, onDelta), asked }
    } catch (error) {
      const shorter = failureOf(error).code === 'context-length-exceeded' ? withoutOldestTurn(asked) : undefined
      if (!shorter) throw error
      asked = shorter
    }
  }
}
