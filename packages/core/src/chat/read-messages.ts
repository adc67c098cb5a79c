import type { GenerationMessage, ToolCall } from '../backend.ts'
import {
  fieldInvalid,
  fieldUnsupported,
  isAbsent,
  isFields,
  readList,
  readOptional,
  readString,
} from './request-fields.ts'
import { ToolTurns } from './tool-turns.ts'

/** More turns than any context holds. */
export const MAX_MESSAGES = 100_000
/** Parts of one message, and calls in it. */
const MAX_PARTS = 100_000

/** Of an answer that is sent back: dropped, since they are no part of what the model is to read. */
const DROPPED_OF_ANSWERS = ['reasoning_content', 'reasoning', 'annotations', 'warnings', 'parsed']

/**
 * Copies `messages` into the backends' words: `developer` becomes `system`, text parts are joined.
 * @param mayEndOpen the last calls may have no answers yet
 * @throws SampanError `request-invalid`, also for a tool's answer without a call and a call without its answer.
 */
export function readMessages(value: unknown, mayEndOpen = false): readonly GenerationMessage[] {
  if (!Array.isArray(value) || value.length === 0) throw fieldInvalid('messages', 'must be a non-empty array')
  const turns = new ToolTurns()
  const messages = readList(value, 'messages', MAX_MESSAGES).map((message, index) => {
    const path = `messages[${index}]`
    const read = readMessage(message, path)
    turns.follow(read, path)
    return read
  })
  if (!mayEndOpen) turns.end()
  return messages
}

function readMessage(message: unknown, path: string): GenerationMessage {
  if (!isFields(message)) throw fieldInvalid(path, 'must be an object with `role` and `content`')
  const role = message['role']
  readOptional(message['name'], `${path}.name`, readString)
  switch (role) {
    case 'system':
    case 'developer':
    case 'user':
      refuseOthers(message, path, [])
      return {
        role: role === 'user' ? 'user' : 'system',
        content: readContent(message['content'], `${path}.content`, ['text']),
      }
    case 'assistant':
      return readAssistant(message, path)
    case 'tool':
      refuseOthers(message, path, ['tool_call_id'])
      return {
        role,
        content: readContent(message['content'], `${path}.content`, ['text']),
        toolCallId: readString(message['tool_call_id'], `${path}.tool_call_id`),
      }
    case 'function':
      throw fieldUnsupported(`${path}.role`, role)
    default:
      throw fieldInvalid(`${path}.role`, 'must be system, developer, user, assistant or tool')
  }
}

function readAssistant(message: Readonly<Record<string, unknown>>, path: string): GenerationMessage {
  refuseOthers(message, path, ['refusal', 'tool_calls', ...DROPPED_OF_ANSWERS])
  const toolCalls = readToolCalls(message['tool_calls'], `${path}.tool_calls`)
  const refusal = readOptional(message['refusal'], `${path}.refusal`, readString)
  const { content } = message
  if (isAbsent(content) && refusal === undefined && toolCalls.length === 0)
    throw fieldInvalid(`${path}.content`, 'may be missing only beside tool_calls or refusal')
  return {
    role: 'assistant',
    content: isAbsent(content) ? (refusal ?? '') : readContent(content, `${path}.content`, ['text', 'refusal']),
    ...(toolCalls.length > 0 && { toolCalls }),
  }
}

function readContent(content: unknown, path: string, types: readonly string[]): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw fieldInvalid(path, 'must be a string or an array of text parts')
  return readList(content, path, MAX_PARTS)
    .map((part, index) => readPart(part, `${path}[${index}]`, types))
    .join('')
}

function readPart(part: unknown, path: string, types: readonly string[]): string {
  if (!isFields(part)) throw fieldInvalid(path, 'must be an object with `type` and `text`')
  const type = readString(part['type'], `${path}.type`)
  if (!types.includes(type)) throw fieldUnsupported(`${path}.type`, type)
  return readString(part[type], `${path}.${type}`)
}

function readToolCalls(value: unknown, path: string): readonly ToolCall[] {
  if (isAbsent(value)) return []
  const ids = new Set<string>()
  return readList(value, path, MAX_PARTS).map((call, index) => {
    const read = readToolCall(call, `${path}[${index}]`)
    if (ids.has(read.id)) throw fieldInvalid(`${path}[${index}].id`, `is ${JSON.stringify(read.id)} a second time`)
    ids.add(read.id)
    return read
  })
}

function readToolCall(call: unknown, path: string): ToolCall {
  if (!isFields(call)) throw fieldInvalid(path, 'must be an object with `id`, `type` and `function`')
  const type = readString(call['type'], `${path}.type`)
  if (type !== 'function') throw fieldUnsupported(`${path}.type`, type)
  const details = call['function']
  if (!isFields(details)) throw fieldInvalid(`${path}.function`, 'must be an object with `name` and `arguments`')
  const id = readString(call['id'], `${path}.id`)
  const name = readString(details['name'], `${path}.function.name`)
  if (id === '') throw fieldInvalid(`${path}.id`, 'must not be empty')
  if (name === '') throw fieldInvalid(`${path}.function.name`, 'must not be empty')
  return { id, name, arguments: readString(details['arguments'], `${path}.function.arguments`) }
}

function refuseOthers(message: Readonly<Record<string, unknown>>, path: string, known: readonly string[]): void {
  for (const [field, value] of Object.entries(message)) {
    if (isAbsent(value) || known.includes(field) || ['role', 'content', 'name'].includes(field)) continue
    if (Array.isArray(value) && value.length === 0) continue
    throw fieldUnsupported(`${path}.${field}`)
  }
}
