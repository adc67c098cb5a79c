import type { GenerationMessage } from '../backend.ts'

/**
 * The conversation without its oldest turn: a message of the user's with all that answers it. System messages stay, wherever they are, and
 * so does the last turn: undefined when there is no other.
 */
export function withoutOldestTurn(messages: readonly GenerationMessage[]): readonly GenerationMessage[] | undefined {
  const isSystem = ({ role }: GenerationMessage): boolean => role === 'system'
  const start = messages.findIndex((message) => !isSystem(message))
  const end = messages.findIndex(({ role }, index) => index > start && role === 'user')
  if (start < 0 || end < 0) return undefined
  return messages.filter((message, index) => index < start || index >= end || isSystem(message))
}
