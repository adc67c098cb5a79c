import { isRecord, type Json, parseJson } from './plain-json.ts'

export interface ToolCall {
  readonly name: string
  readonly arguments: Json
}

const block = /<tool_call>([\s\S]*?)<\/tool_call>/g
const opening = /<tool_call>/g

/**
 * Calls as Qwen3's format writes them: a JSON object with `name` and `arguments` in every `<tool_call>`.
 * @returns undefined where one of them cannot be read, which a caller could not run either
 */
export function toolCallsOf(reply: string): readonly ToolCall[] | undefined {
  const calls: ToolCall[] = []
  const blocks = [...reply.matchAll(block)]
  if (blocks.length !== [...reply.matchAll(opening)].length) return undefined
  for (const [, text = ''] of blocks) {
    const value = parseJson(text.trim())
    if (!isRecord(value) || typeof value['name'] !== 'string') return undefined
    const given: Json | undefined = value['arguments']
    calls.push({ name: value['name'], arguments: given ?? {} })
  }
  return calls
}
