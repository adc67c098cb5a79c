import { copyJsonObject } from '../chat/copy-json.ts'
import { MAX_MESSAGES, readMessages } from '../chat/read-messages.ts'
import { fieldInvalid, readList } from '../chat/request-fields.ts'
import type { ChatMessage } from '../chat/request-types.ts'

/**
 * Frozen copies: nothing that a caller does later changes a conversation. Only their outer shape is checked, since what else is right depends on
 * what stands before them.
 * @throws SampanError `request-invalid`
 */
export function copyMessages(value: unknown, path: string): readonly ChatMessage[] {
  return Object.freeze(readList(value, path, MAX_MESSAGES).map((message, index) => copy(message, `${path}[${index}]`)))
}

/**
 * A conversation from its beginning, which may end with calls that are not answered yet.
 * @throws SampanError `request-invalid`, `request-unsupported`, naming the message
 */
export function copyConversation(value: unknown): readonly ChatMessage[] {
  const messages = copyMessages(value, 'messages')
  if (messages.length > 0) readMessages(messages, true)
  return messages
}

function copy(message: unknown, path: string): ChatMessage {
  const copied = freeze(copyJsonObject(message, path))
  if (!hasRole(copied)) throw fieldInvalid(`${path}.role`, 'must be system, developer, user, assistant or tool')
  return copied
}

function hasRole(message: object): message is ChatMessage {
  return 'role' in message && typeof message.role === 'string'
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part)
  return Object.freeze(value)
}
