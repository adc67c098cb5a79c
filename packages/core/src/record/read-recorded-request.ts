import type { AnswerFormat, GenerationMessage, GenerationRequest, ToolCall, ToolDefinition } from '../backend.ts'
import { copyJsonObject } from '../chat/copy-json.ts'
import { defined } from '../chat/defined.ts'
import {
  fieldInvalid,
  isFields,
  readBoolean,
  readCount,
  readFields,
  readList,
  readName,
  readOptional,
  readString,
} from '../chat/request-fields.ts'
import { MAX_TOOLS } from '../chat/request-table.ts'
import { readOneOf, readText } from './read-values.ts'
import type { RecordedRequest } from './record-types.ts'

/** More turns, and calls in one, than any context holds. */
const MAX_ENTRIES = 100_000

const FIELDS = [
  ...['messages', 'prompt', 'tools', 'toolChoice', 'parallelToolCalls', 'format'],
  ...['thinking', 'thinkingBudget', 'continueFinalMessage', 'templateVariables'],
]

/** @throws SampanError `request-invalid`, `request-unsupported`, which name the field */
export function readRecordedRequest(value: unknown, path: string): RecordedRequest {
  const fields = readFields(value, path, FIELDS, 'an object')
  const prompt = readOptional(fields['prompt'], `${path}.prompt`, readText)
  const messages = readList(fields['messages'], `${path}.messages`, MAX_ENTRIES).map((message, index) =>
    readMessage(message, `${path}.messages[${index}]`),
  )
  if ((messages.length === 0) !== (prompt !== undefined))
    throw fieldInvalid(`${path}.messages`, 'must hold messages, unless there is a prompt in their place')
  const tools = readOptional(fields['tools'], `${path}.tools`, readTools)
  const continues = readOptional(fields['continueFinalMessage'], `${path}.continueFinalMessage`, readBoolean)
  if (continues && messages.at(-1)?.role !== 'assistant')
    throw fieldInvalid(`${path}.continueFinalMessage`, 'needs an assistant message as the last of messages')
  return defined<RecordedRequest>({
    messages,
    prompt,
    tools,
    toolChoice: readOptional(fields['toolChoice'], `${path}.toolChoice`, (choice, at) =>
      readChoice(choice, at, tools ?? []),
    ),
    parallelToolCalls: readOptional(fields['parallelToolCalls'], `${path}.parallelToolCalls`, readBoolean),
    format: readOptional(fields['format'], `${path}.format`, readFormat),
    thinking: readOptional(fields['thinking'], `${path}.thinking`, readBoolean),
    thinkingBudget: readOptional(fields['thinkingBudget'], `${path}.thinkingBudget`, readCount),
    continueFinalMessage: continues,
    templateVariables: readOptional(fields['templateVariables'], `${path}.templateVariables`, copyJsonObject),
  })
}

function readMessage(value: unknown, path: string): GenerationMessage {
  const known = ['role', 'content', 'toolCalls', 'toolCallId']
  const message = readFields(value, path, known, 'an object with `role` and `content`')
  const role = readOneOf(message['role'], `${path}.role`, ['system', 'user', 'assistant', 'tool'])
  const content = readText(message['content'], `${path}.content`)
  switch (role) {
    case 'system':
    case 'user':
      return { role, content }
    case 'assistant': {
      const toolCalls = readOptional(message['toolCalls'], `${path}.toolCalls`, readCalls)
      return { role, content, ...(toolCalls && { toolCalls }) }
    }
    case 'tool':
      return { role, content, toolCallId: readString(message['toolCallId'], `${path}.toolCallId`) }
    default:
      return role satisfies never
  }
}

function readCalls(value: unknown, path: string): readonly ToolCall[] {
  return readList(value, path, MAX_ENTRIES).map((entry, index) => {
    const at = `${path}[${index}]`
    const call = readFields(entry, at, ['id', 'name', 'arguments'], 'a call of a tool')
    return {
      id: readString(call['id'], `${at}.id`),
      name: readString(call['name'], `${at}.name`),
      arguments: readText(call['arguments'], `${at}.arguments`),
    }
  })
}

function readTools(value: unknown, path: string): readonly ToolDefinition[] {
  return readList(value, path, MAX_TOOLS).map((entry, index) => {
    const at = `${path}[${index}]`
    const tool = readFields(entry, at, ['name', 'description', 'parameters', 'strict'], 'a tool')
    return defined<ToolDefinition>({
      name: readName(tool['name'], `${at}.name`),
      description: readOptional(tool['description'], `${at}.description`, readText),
      parameters: readOptional(tool['parameters'], `${at}.parameters`, copyJsonObject),
      strict: readOptional(tool['strict'], `${at}.strict`, readBoolean),
    })
  })
}

function readChoice(
  value: unknown,
  path: string,
  tools: readonly ToolDefinition[],
): NonNullable<GenerationRequest['toolChoice']> {
  if (!isFields(value)) {
    const choice = readOneOf(value, path, ['none', 'auto', 'required'])
    if (choice === 'required' && tools.length === 0) throw fieldInvalid(path, 'is "required", but there are no tools')
    return choice
  }
  const name = readName(readFields(value, path, ['name'], 'an object with `name`')['name'], `${path}.name`)
  if (!tools.some((tool) => tool.name === name))
    throw fieldInvalid(`${path}.name`, `is ${JSON.stringify(name)}, which none of the tools is called`)
  return { name }
}

function readFormat(value: unknown, path: string): AnswerFormat {
  const format = readFields(value, path, ['type', 'schema'], 'an object with `type`')
  const type = readOneOf(format['type'], `${path}.type`, ['json-object', 'json-schema'])
  if (type === 'json-object') return { type }
  const { schema } = format
  return { type, schema: typeof schema === 'boolean' ? schema : copyJsonObject(schema, `${path}.schema`) }
}
