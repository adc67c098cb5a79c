import type { ChatMessage, Model } from '@sampan/core'
import { ask, type Figures } from './ask.ts'
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
  history: readonly ChatMessage[],
  usedTokens: number,
  settings: Settings,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<Answered> {
  let asked = recent(history, usedTokens, model.info.contextLength)
  for (;;) {
    try {
      return { figures: await ask(model, asked, settings, signal, onText), asked }
    } catch (error) {
      const shorter = failureOf(error).code === 'context-length-exceeded' ? withoutOldestTurn(asked) : undefined
      if (!shorter) throw error
      asked = shorter
    }
  }
}
