import type { AnswerPart } from '../backend.ts'
import type { ChatMessage } from './request-types.ts'

type Message = Pick<ChatMessage, 'role'>

/**
 * Where a conversation may be cut, from its whole on: 0, then the beginning of every turn but the first. A turn is a message of the user's
 * with all that answers it; a greeting before the first is one, too.
 */
export function turnStarts(messages: readonly Message[]): readonly number[] {
  const first = messages.findIndex((message) => !isSystem(message))
  const later = messages.flatMap(({ role }, index) => (role === 'user' && index > first ? [index] : []))
  return [0, ...later]
}

/** The conversation from the turn that begins at `start`. System messages stay, wherever they are. */
export function withoutTurnsBefore<T extends Message>(messages: readonly T[], start: number): readonly T[] {
  return messages.filter((message, index) => index >= start || isSystem(message))
}

/** `developer` is OpenAI's newer name of it. */
export function isSystem({ role }: Message): boolean {
  return role === 'system' || role === 'developer'
}

/** Tells the reader of an answer. */
export function turnsDropped(messages: number): AnswerPart {
  const message = `The conversation is longer than the context: its oldest ${messages} messages were left out.`
  return { type: 'warning', code: 'turns-dropped', message }
}
