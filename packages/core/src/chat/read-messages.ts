import type { GenerationMessage } from '../backend.ts'
import { fieldInvalid, fieldUnsupported, isFields } from './request-fields.ts'

/** More turns than any context holds. */
const MAX_MESSAGES = 100_000

/** Copies `messages` into the backends' words: `developer` becomes `system`, text parts are joined. */
export function readMessages(value: unknown): readonly GenerationMessage[] {
  if (!Array.isArray(value) || value.length === 0) throw fieldInvalid('messages', 'must be a non-empty array')
  if (value.length > MAX_MESSAGES) throw fieldInvalid('messages', `has more than ${MAX_MESSAGES} entries`)
  return value.map((message: unknown, index) => readMessage(message, `messages[${index}]`))
}

function readMessage(message: unknown, path: string): GenerationMessage {
  if (!isFields(message)) throw fieldInvalid(path, 'must be an object with `role` and `content`')
  for (const [field, value] of Object.entries(message))
    if (field !== 'role' && field !== 'content' && value !== undefined && value !== null && !isEmptyList(value))
      throw fieldUnsupported(`${path}.${field}`)
  return { role: readRole(message['role'], path), content: readContent(message['content'], `${path}.content`) }
}

function readRole(role: unknown, path: string): 'system' | 'user' | 'assistant' {
  switch (role) {
    case 'system':
    case 'user':
    case 'assistant':
      return role
    case 'developer':
      return 'system'
    case 'tool':
    case 'function':
      throw fieldUnsupported(`${path}.role "${role}"`)
    default:
      throw fieldInvalid(`${path}.role`, 'must be system, developer, user or assistant')
  }
}

function readContent(content: unknown, path: string): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw fieldInvalid(path, 'must be a string or an array of text parts')
  return content.map((part: unknown, index) => readPart(part, `${path}[${index}]`)).join('')
}

function readPart(part: unknown, path: string): string {
  if (!isFields(part)) throw fieldInvalid(path, 'must be an object with `type` and `text`')
  if (part['type'] !== 'text') throw fieldUnsupported(`${path}.type "${String(part['type'])}"`)
  const text = part['text']
  if (typeof text !== 'string') throw fieldInvalid(`${path}.text`, 'must be a string')
  return text
}

/** `tool_calls: []` and the like ask for nothing. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
