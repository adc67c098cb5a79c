import { isRecord, type Json, parseJson, type Share } from './plain-json.ts'

/**
 * The JSON of a reply: all of it, as `JSON.parse` takes it, with nothing but white space around it. A fence of Markdown
 * or a sentence before it is not valid JSON, since a caller would have to know how to cut it off.
 */
export function jsonOfReply(reply: string): Json | undefined {
  return parseJson(reply.trim())
}

/**
 * Leaves that are equal at the same place, of all that either side has: what is missing and what was made up count alike.
 * Numbers are compared as numbers (`40` equals `40.00`), text character by character but for white space around it.
 */
export function compareFields(expected: Json, actual: Json | undefined): Share {
  const wanted = leavesOf(expected)
  const got = actual === undefined ? new Map<string, Json>() : leavesOf(actual)
  let right = 0
  for (const [path, value] of wanted) if (got.has(path) && equalLeaves(value, got.get(path))) right += 1
  return { right, of: new Set([...wanted.keys(), ...got.keys()]).size }
}

/** Deep equality, the order of keys aside. */
export function equalJson(expected: Json, actual: Json | undefined): boolean {
  const { right, of } = compareFields(expected, actual)
  return right === of
}

/** Place → value of everything that holds nothing further; an empty list or object is a leaf of its own. */
function leavesOf(value: Json, path = '$', out = new Map<string, Json>()): Map<string, Json> {
  const entries: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((entry: Json, index): readonly [string, Json] => [String(index), entry])
    : isRecord(value)
      ? Object.entries(value)
      : []
  if (entries.length === 0) out.set(path, value)
  for (const [key, entry] of entries) leavesOf(entry, `${path}/${key}`, out)
  return out
}

function equalLeaves(expected: Json, actual: Json | undefined): boolean {
  if (typeof expected === 'string' && typeof actual === 'string') return expected.trim() === actual.trim()
  if (typeof expected === 'object' && expected !== null) return JSON.stringify(expected) === JSON.stringify(actual)
  return expected === actual
}
