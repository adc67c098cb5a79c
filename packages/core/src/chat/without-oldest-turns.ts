import type { GenerationMessage } from '../backend.ts'

/**
 * Where a conversation may be cut, from its whole on: 0, then the beginning of every turn but the first. A turn is a message of the user's
 * with all that answers it; a greeting before the first is one, too.
 */
export function turnStarts(messages: readonly GenerationMessage[]): readonly number[] {
  const first = messages.findIndex(({ role }) => role !== 'system')
  const later = messages.flatMap(({ role }, index) => (role === 'user' && index > first ? [index] : []))
  return [0, ...later]
}

/** The conversation from the turn that begins at `start`. System messages stay, wherever they are. */
export function withoutTurnsBefore(
  messages: readonly GenerationMessage[],
  start: number,
): readonly GenerationMessage[] {
  return messages.filter(({ role }, index) => index >= start || role === 'system')
}
