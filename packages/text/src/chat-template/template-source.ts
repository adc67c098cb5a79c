import { TextError } from '../errors.ts'
import { maxNamedTemplates } from './limits.ts'

/** A model's chat templates: the one to use, and others by name (`tool_use`, `rag`). */
export interface ChatTemplateSource {
  readonly main: string
  readonly named: ReadonlyMap<string, string>
}

const mainName = 'default'
const ggufKey = 'tokenizer.chat_template'

/**
 * From `tokenizer_config.json` (its text or what it parses to): `chat_template` as text or as a list of named ones.
 * `undefined` when it has none.
 * @throws TextError `template-malformed`
 */
export function chatTemplateFromConfig(config: unknown): ChatTemplateSource | undefined {
  const parsed = typeof config === 'string' ? parseJson(config) : config
  const value = field(parsed, 'chat_template')
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return { main: value, named: new Map() }
  if (Array.isArray(value) && value.length === 0) return undefined
  if (!Array.isArray(value)) throw malformed('chat_template is neither text nor a list')
  if (value.length > maxNamedTemplates) throw malformed(`it lists over ${maxNamedTemplates} templates`)
  const named = new Map<string, string>()
  for (const entry of value) {
    const [name, template] = [field(entry, 'name'), field(entry, 'template')]
    if (typeof name !== 'string' || typeof template !== 'string')
      throw malformed('a listed template lacks its name or text')
    named.set(name, template)
  }
  return fromNamed(named)
}

/** From GGUF metadata: `tokenizer.chat_template`, and those named by `tokenizer.chat_templates`. */
export function chatTemplateFromGguf(metadata: ReadonlyMap<string, unknown>): ChatTemplateSource | undefined {
  const named = new Map<string, string>()
  const names = metadata.get('tokenizer.chat_templates') ?? []
  if (!Array.isArray(names) || names.length > maxNamedTemplates)
    throw malformed('tokenizer.chat_templates is no short list')
  for (const name of names) {
    const template = metadata.get(`${ggufKey}.${String(name)}`)
    if (typeof template !== 'string') throw malformed(`${ggufKey}.${String(name)} is missing`)
    named.set(String(name), template)
  }
  const main = metadata.get(ggufKey)
  if (main === undefined) return named.size === 0 ? undefined : fromNamed(named)
  if (typeof main !== 'string') throw malformed(`${ggufKey} is not text`)
  return { main, named }
}

function fromNamed(named: ReadonlyMap<string, string>): ChatTemplateSource {
  const only = named.size === 1 ? [...named.values()][0] : undefined
  const main = named.get(mainName) ?? only
  if (main !== undefined) return { main, named }
  throw new TextError(
    'template-missing',
    `The model has the chat templates ${[...named.keys()].join(', ')} and none named "${mainName}": pass the text of one.`,
  )
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TextError('template-malformed', 'tokenizer_config.json is not valid JSON: download it again.', {}, cause)
  }
}

function malformed(reason: string): TextError {
  return new TextError(
    'template-malformed',
    `The model's chat template cannot be read: ${reason}. Pass a template as text.`,
  )
}
