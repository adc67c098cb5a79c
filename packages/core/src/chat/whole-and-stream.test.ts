import { describe, expect, it } from 'vitest'
import type { AnswerPart } from '../backend.ts'
import { ScriptedSource, saying } from '../test-support/scripted-source.ts'
import type { AnswerMessage, FinishReason } from './answer-types.ts'
import { Completions } from './completions.ts'
import type { FunctionToolCall } from './request-types.ts'

const messages = [{ role: 'user', content: 'hello' } as const]
const stop = ['STOP', 'OPS', '🙂🙂']
const words = ['S', 'T', 'O', 'P', 'STO', 'PS', '🙂', ' ', 'é', '\n', '{"', '中']

/** Numbers below `below`, the same for the same seed (xorshift32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Thoughts, content and calls of tools, in pieces cut anywhere. */
function randomParts(random: (below: number) => number): AnswerPart[] {
  const text = (): string => Array.from({ length: 1 + random(4) }, () => words[random(words.length)] ?? '').join('')
  const parts: AnswerPart[] = []
  for (let thought = random(3); thought > 0; thought--) parts.push({ type: 'reasoning', text: text() })
  let calls = 0
  for (let part = random(12); part > 0; part--) {
    if (random(4) > 0) {
      parts.push({ type: 'content', text: text() })
      continue
    }
    const index = calls++
    parts.push({ type: 'tool-call', index, id: `call_${index}`, name: 'f' })
    for (let piece = random(4); piece > 0; piece--) parts.push({ type: 'tool-arguments', index, text: text() })
  }
  return parts
}

interface Put {
  readonly content: string
  readonly reasoning: string
  readonly calls: readonly FunctionToolCall[]
  readonly finish: FinishReason | null
}

async function streamed(completions: Completions): Promise<Put> {
  let [content, reasoning] = ['', '']
  let finish: FinishReason | null = null
  const calls: FunctionToolCall[] = []
  for await (const chunk of await completions.create({ messages, stop, stream: true })) {
    const [choice] = chunk.choices
    content += choice?.delta.content ?? ''
    reasoning += choice?.delta.reasoning_content ?? ''
    finish = choice?.finish_reason ?? finish
    for (const {
      index,
      id,
      function: { name, arguments: json },
    } of choice?.delta.tool_calls ?? []) {
      const call = calls[index]
      if (call) call.function.arguments += json
      else calls.push({ id: id ?? '', type: 'function', function: { name: name ?? '', arguments: json } })
    }
  }
  return { content, reasoning, calls, finish }
}

async function whole(completions: Completions): Promise<Put> {
  const [choice] = (await completions.create({ messages, stop })).choices
  const message: AnswerMessage | undefined = choice?.message
  return {
    content: message?.content ?? '',
    reasoning: message?.reasoning_content ?? '',
    calls: message?.tool_calls ?? [],
    finish: choice?.finish_reason ?? null,
  }
}

/** What must come of the parts, by another road: the content up to its first stop string, and nothing after it. */
function expected(parts: readonly AnswerPart[]): Put {
  let [content, reasoning, run] = ['', '', '']
  const calls: FunctionToolCall[] = []
  const end = (finish: FinishReason): Put => ({ content: content + run, reasoning, calls, finish })
  for (const part of parts) {
    if (part.type === 'content') {
      for (const character of part.text) {
        run += character
        const found = stop.filter((text) => run.endsWith(text)).toSorted((a, b) => b.length - a.length)[0]
        if (found === undefined) continue
        run = run.slice(0, -found.length)
        return end(calls.length > 0 ? 'tool_calls' : 'stop')
      }
      continue
    }
    content += run
    run = ''
    if (part.type === 'reasoning') reasoning += part.text
    if (part.type === 'tool-call')
      calls.push({ id: part.id, type: 'function', function: { name: part.name, arguments: '' } })
    if (part.type === 'tool-arguments') {
      const call = calls[part.index]
      if (call) call.function.arguments += part.text
    }
  }
  return end(calls.length > 0 ? 'tool_calls' : 'stop')
}

describe('an answer of random parts', () => {
  it('is the same whole and streamed, and what its parts say', async () => {
    const random = randomNumbers(20_26)
    let stopped = 0
    for (let round = 0; round < 300; round++) {
      const parts = randomParts(random)
      const completions = new Completions(new ScriptedSource(saying(...parts)), { source: 'test' })
      const put = expected(parts)
      expect(await whole(completions), JSON.stringify(parts)).toEqual(put)
      expect(await streamed(completions), JSON.stringify(parts)).toEqual(put)
      const said = parts.map((part) => (part.type === 'content' ? part.text : '')).join('')
      if (put.content !== said) stopped++
    }
    expect(stopped).toBeGreaterThan(30)
  })
})
