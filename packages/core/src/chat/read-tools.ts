import type { GenerationRequest, ToolDefinition } from '../backend.ts'
import { copyJsonObject } from './copy-json.ts'
import { defined } from './defined.ts'
import { readFlag } from './read-scalars.ts'
import {
  type Fields,
  fieldInvalid,
  fieldUnsupported,
  isAbsent,
  isFields,
  readBoolean,
  readFields,
  readList,
  readName,
  readOptional,
  readString,
} from './request-fields.ts'
import { MAX_TOOLS } from './request-table.ts'

type Tools = Pick<GenerationRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>

/** What the model may call, and whether it must. Empty where there is nothing to call. */
export function readTools(request: Fields): Tools {
  const tools = readDefinitions(request['tools'])
  const parallelToolCalls = readFlag(request, 'parallel_tool_calls')
  const choice = readChoice(request['tool_choice'], tools)
  if (tools.length === 0) return {}
  return defined({
    tools: choice.allowed ? tools.filter(({ name }) => choice.allowed?.has(name)) : tools,
    toolChoice: choice.toolChoice,
    parallelToolCalls,
  })
}

function readDefinitions(value: unknown): readonly ToolDefinition[] {
  if (isAbsent(value)) return []
  const names = new Set<string>()
  return readList(value, 'tools', MAX_TOOLS).map((tool, index) => {
    const path = `tools[${index}]`
    const definition = readDefinition(tool, path)
    if (names.has(definition.name))
      throw fieldInvalid(`${path}.function.name`, `is ${JSON.stringify(definition.name)} a second time`)
    names.add(definition.name)
    return definition
  })
}

function readDefinition(tool: unknown, path: string): ToolDefinition {
  const details = readFunction(tool, path)
  const known = ['name', 'description', 'parameters', 'strict']
  const fields = readFields(details, `${path}.function`, known, 'an object with `name`')
  return {
    name: readName(fields['name'], `${path}.function.name`),
    ...defined<Omit<ToolDefinition, 'name'>>({
      description: readOptional(fields['description'], `${path}.function.description`, readString),
      parameters: readOptional(fields['parameters'], `${path}.function.parameters`, readParameters),
      strict: readOptional(fields['strict'], `${path}.function.strict`, readBoolean),
    }),
  }
}

function readParameters(value: unknown, path: string): Fields {
  const schema = copyJsonObject(value, path)
  if (schema['type'] !== undefined && schema['type'] !== 'object')
    throw fieldInvalid(path, "must be a JSON schema of type 'object'")
  return schema
}

/** The `function` of what is told apart by `type: 'function'`. */
function readFunction(value: unknown, path: string): unknown {
  if (!isFields(value)) throw fieldInvalid(path, 'must be an object with `type` and `function`')
  const type = readString(value['type'], `${path}.type`)
  if (type !== 'function') throw fieldUnsupported(`${path}.type`, type)
  return value['function']
}

interface Choice {
  readonly toolChoice?: NonNullable<GenerationRequest['toolChoice']>
  /** Names of the tools that alone may be called. */
  readonly allowed?: ReadonlySet<string>
}

function readChoice(value: unknown, tools: readonly ToolDefinition[]): Choice {
  if (isAbsent(value)) return {}
  if (value === 'none' || value === 'auto') return { toolChoice: value }
  if (value === 'required') {
    if (tools.length === 0) throw fieldInvalid('tool_choice', 'is "required", but there are no tools')
    return { toolChoice: value }
  }
  if (!isFields(value)) throw fieldInvalid('tool_choice', 'must be none, auto, required, or an object with `type`')
  if (value['type'] === 'allowed_tools') return readAllowed(value['allowed_tools'], tools)
  return { toolChoice: { name: readNamed(value, 'tool_choice', tools) } }
}

function readAllowed(value: unknown, tools: readonly ToolDefinition[]): Choice {
  const path = 'tool_choice.allowed_tools'
  const { mode, tools: list } = readFields(value, path, ['mode', 'tools'], 'an object with `mode` and `tools`')
  if (mode !== 'auto' && mode !== 'required') throw fieldInvalid(`${path}.mode`, 'must be auto or required')
  const names = readList(list, `${path}.tools`, MAX_TOOLS).map((tool, index) =>
    readNamed(tool, `${path}.tools[${index}]`, tools),
  )
  if (names.length === 0) throw fieldInvalid(`${path}.tools`, 'must name at least one tool')
  return { toolChoice: mode, allowed: new Set(names) }
}

/** The name in `{ type: 'function', function: { name } }`. */
function readNamed(value: unknown, path: string, tools: readonly ToolDefinition[]): string {
  const details = readFunction(value, path)
  if (!isFields(details)) throw fieldInvalid(`${path}.function`, 'must be an object with `name`')
  const name = readName(details['name'], `${path}.function.name`)
  if (!tools.some((tool) => tool.name === name))
    throw fieldInvalid(`${path}.function.name`, `is ${JSON.stringify(name)}, which none of the tools is called`)
  return name
}
