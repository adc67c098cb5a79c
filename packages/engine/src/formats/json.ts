import { EngineError } from '../errors.ts'
import { isLfsPointer, lfsPointerMessage } from './lfs-pointer.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** Deeper than any config or directory of a model; `JSON.parse` has no bound of its own. */
export const maximumJsonDepth = 32

/**
 * Parses JSON from a stranger: bounded depth, no object with two equal keys, an object at the top.
 * @throws EngineError `file-malformed` or `file-limit-exceeded`.
 */
export function parseJsonObject(text: string, fileName: string): JsonObject {
  let value: JsonValue
  if (isLfsPointer(text)) throw new EngineError('file-malformed', lfsPointerMessage(fileName), { name: fileName })
  checkStructure(text, fileName)
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new EngineError(
      'file-malformed',
      `${fileName} is not valid JSON (${error instanceof Error ? error.message : String(error)}). Use another copy of the file.`,
      { name: fileName },
      error,
    )
  }
  if (!isJsonObject(value))
    throw new EngineError('file-malformed', `${fileName} does not hold a JSON object. Use another copy of the file.`, {
      name: fileName,
    })
  return value
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Looks only at brackets and strings, in one pass; whatever else is wrong, `JSON.parse` finds. */
function checkStructure(text: string, fileName: string): void {
  const keys: Set<string>[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{' || character === '[') {
      keys.push(new Set())
      if (keys.length > maximumJsonDepth)
        throw new EngineError(
          'file-limit-exceeded',
          `${fileName} nests more than ${maximumJsonDepth} levels of JSON.`,
          {
            name: fileName,
            limit: maximumJsonDepth,
          },
        )
    } else if (character === '}' || character === ']') keys.pop()
    else if (character === '"') {
      const start = at
      at = closingQuote(text, start)
      if (!isFollowedByColon(text, at)) continue
      const key = decodeKey(text.slice(start, at + 1))
      if (keys.at(-1)?.has(key))
        throw new EngineError(
          'file-malformed',
          `${fileName} has the key ${key} twice in one object. Use another copy.`,
          {
            name: fileName,
            key,
          },
        )
      keys.at(-1)?.add(key)
    }
  }
}

function closingQuote(text: string, openingQuote: number): number {
  let at = openingQuote + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

function isFollowedByColon(text: string, quote: number): boolean {
  let at = quote + 1
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return text[at] === ':'
}

/** Escapes can spell one key in two ways; a key that does not decode is left for `JSON.parse` to refuse. */
function decodeKey(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted
  }
}
