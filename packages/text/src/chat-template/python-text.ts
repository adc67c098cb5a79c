import type { RuntimeValue } from './runtime-value.ts'

/**
 * What Python's Jinja prints for a value, where `@huggingface/jinja` prints otherwise: `None`, `True`, and lists and
 * mappings in Python's notation. `undefined` where both agree.
 */
export function printAsPython(value: RuntimeValue): string | undefined {
  switch (value.type) {
    case 'NullValue':
    case 'FloatValue':
    case 'BooleanValue':
    case 'ArrayValue':
    case 'TupleValue':
    case 'ObjectValue':
      return represent(value)
    default:
      return undefined
  }
}

function represent(value: RuntimeValue): string {
  const inner = value.value
  if (value.type === 'NullValue') return 'None'
  if (value.type === 'UndefinedValue') return 'Undefined'
  if (typeof inner === 'boolean') return inner ? 'True' : 'False'
  if (typeof inner === 'string') return quote(inner)
  if (Array.isArray(inner)) {
    const items = inner.map(represent)
    if (value.type !== 'TupleValue') return `[${items.join(', ')}]`
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
  }
  if (inner instanceof Map)
    return `{${[...inner].map(([key, item]) => `${quote(key)}: ${represent(item)}`).join(', ')}}`
  return value.toString()
}

const shortEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
/** What Python's `repr` escapes: everything but spaces that is no printable character. */
const escaped = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(escaped, (character) => shortEscapes[character] ?? escapeCode(character))
  return mark + (mark === "'" ? body.replaceAll("'", "\\'") : body) + mark
}

function escapeCode(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}
