import { describe, expect, it } from 'vitest'
import { seededModel, throughJson } from '../test-support/seeded-model.ts'
import { readRecord } from './read-record.ts'
import type { AnswerRecord } from './record-types.ts'

const { completions, engine, replay } = seededModel()
const person = { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false } as const
const reply = await completions.create({
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'a', content: '1' },
  ],
  tools: [{ type: 'function', function: { name: 'f', description: 'x', parameters: person, strict: true } }],
  tool_choice: 'auto',
  parallel_tool_calls: false,
  response_format: { type: 'json_schema', json_schema: { name: 'person', schema: person } },
  thinking_budget: 4,
  chat_template_kwargs: { enable_thinking: true },
  logit_bias: { 3: 1 },
  stop: ['so'],
  max_tokens: 12,
  record: true,
})
const record = throughJson(reply.record)

type Path = readonly (string | number)[]

/** The record with `value` at `path`; undefined takes the field away. */
function having(path: Path, value: unknown): unknown {
  const copy: Record<string, unknown> = structuredClone({ ...record })
  let part: Record<string, unknown> = copy
  for (const key of path.slice(0, -1)) part = Object(part[key])
  const last = path.at(-1) ?? ''
  if (value === undefined) delete part[last]
  else part[last] = value
  return copy
}

const invalid = (field: string): object => expect.objectContaining({ code: 'record-invalid', details: { field } })

const endless: { self?: unknown } = {}
endless.self = endless

describe('a record from a stranger', () => {
  it('is copied as it was written', () => {
    expect(readRecord(record)).toEqual(record)
    expect(readRecord(record)).not.toBe(record)
  })

  it.each([null, undefined, 7, 'record', [], () => record, new Map()])('is refused as %s', (value) => {
    expect(() => readRecord(value)).toThrow(expect.objectContaining({ code: 'record-invalid' }))
  })

  it.each<[string, Path, unknown]>([
    ['record.format', ['format'], 'sampan-answer-2'],
    ['record.more', ['more'], 1],
    ['record.made', ['made'], 'yesterday'],
    ['record.made', ['made'], '2026-99-99T00:00:00Z'],
    ['record.made', ['made'], 1e300],
    ['record.model', ['model'], undefined],
    ['record.model.hash', ['model', 'hash'], 7],
    ['record.model.hash', ['model', 'hash'], 'x'.repeat(5000)],
    ['record.engine.backend', ['engine', 'backend'], 'web-llm'],
    ['record.request', ['request'], null],
    ['record.request.messages', ['request', 'messages'], {}],
    ['record.request.messages', ['request', 'messages'], []],
    ['record.request.messages', ['request', 'prompt'], 'beside messages'],
    ['record.request.messages', ['request', 'messages'], { length: 4e9 }],
    ['record.request.messages', ['request', 'messages'], new Array(100_001)],
    ['record.request.messages[1].role', ['request', 'messages', 1, 'role'], '__proto__'],
    ['record.request.messages[1].content', ['request', 'messages', 1, 'content'], [{ type: 'text', text: 'Hi' }]],
    ['record.request.messages[2].toolCalls', ['request', 'messages', 2, 'toolCalls'], 'f'],
    ['record.request.messages[2].toolCalls[0].arguments', ['request', 'messages', 2, 'toolCalls', 0, 'arguments'], {}],
    ['record.request.messages[3].toolCallId', ['request', 'messages', 3, 'toolCallId'], undefined],
    ['record.request.tools', ['request', 'tools'], new Array(129).fill({ name: 'f' })],
    ['record.request.tools[0].name', ['request', 'tools', 0, 'name'], 'not a name'],
    ['record.request.tools[0].parameters', ['request', 'tools', 0, 'parameters'], endless],
    ['record.request.tools[0].strict', ['request', 'tools', 0, 'strict'], 1],
    ['record.request.toolChoice', ['request', 'toolChoice'], 'any'],
    ['record.request.toolChoice.name', ['request', 'toolChoice'], { name: 'g' }],
    ['record.request.format.type', ['request', 'format', 'type'], 'grammar'],
    ['record.request.format.schema', ['request', 'format', 'schema'], endless],
    ['record.request.thinking', ['request', 'thinking'], 'yes'],
    ['record.request.thinkingBudget', ['request', 'thinkingBudget'], -1],
    ['record.request.continueFinalMessage', ['request', 'continueFinalMessage'], true],
    ['record.request.templateVariables', ['request', 'templateVariables'], endless],
    ['record.request.record', ['request', 'record'], true],
    ['record.prompt.tokens', ['prompt', 'tokens'], []],
    ['record.prompt.tokens', ['prompt', 'tokens'], 'tokens'],
    ['record.prompt.tokens', ['prompt', 'tokens'], new Array(2 ** 32 - 1)],
    ['record.prompt.tokens[0]', ['prompt', 'tokens', 0], -1],
    ['record.prompt.tokens[0]', ['prompt', 'tokens', 0], 0.5],
    ['record.prompt.tokens[0]', ['prompt', 'tokens', 0], 2 ** 31],
    ['record.prompt.tokens[0]', ['prompt', 'tokens', 0], '1'],
    ['record.prompt.cachedTokens', ['prompt', 'cachedTokens'], 1e6],
    ['record.prompt.rendered', ['prompt', 'rendered'], 'true'],
    ['record.sampling.temperature', ['sampling', 'temperature'], null],
    ['record.sampling.temperature', ['sampling', 'temperature'], 1e9],
    ['record.sampling.topK', ['sampling', 'topK'], 1.5],
    ['record.sampling.repetitionPenalty', ['sampling', 'repetitionPenalty'], 0],
    ['record.sampling.logitBias', ['sampling', 'logitBias'], new Array(10_001)],
    ['record.sampling.logitBias[0]', ['sampling', 'logitBias'], [[1, 2, 3]]],
    ['record.sampling.logitBias[0][1]', ['sampling', 'logitBias'], [[1, Number.NaN]]],
    ['record.sampling.seed', ['sampling', 'seed'], 2 ** 32],
    ['record.sampling.maxTokens', ['sampling', 'maxTokens'], 0],
    ['record.sampling.stop', ['sampling', 'stop'], new Array(17).fill('x')],
    ['record.sampling.stop[0]', ['sampling', 'stop', 0], ''],
    ['record.sampling.stop[0]', ['sampling', 'stop', 0], 'x'.repeat(5000)],
    ['record.sampling.stopTokens[0]', ['sampling', 'stopTokens', 0], {}],
    ['record.sampling.cachePrompt', ['sampling', 'cachePrompt'], 0],
    ['record.answer.tokens[0]', ['answer', 'tokens', 0], Number.POSITIVE_INFINITY],
    ['record.answer.logprobs', ['answer', 'logprobs'], []],
    ['record.answer.logprobs', ['answer', 'logprobs'], new Array(1000).fill(-1)],
    ['record.answer.logprobs[0]', ['answer', 'logprobs', 0], 0.1],
    ['record.answer.logprobs[0]', ['answer', 'logprobs', 0], null],
    ['record.answer.text', ['answer', 'text'], ['x']],
    ['record.answer.finish', ['answer', 'finish'], 'content_filter'],
  ])('is refused for %s', (field, path, value) => {
    expect(() => readRecord(having(path, value))).toThrow(invalid(field))
  })

  it('is refused for tokens that the model does not have, before anything is made', async () => {
    const made = engine.seen.length
    const tokens = record.prompt.tokens.with(2, 2 ** 31 - 1)
    const forged: AnswerRecord = { ...record, prompt: { ...record.prompt, tokens } }
    await expect(replay(forged)).rejects.toMatchObject({
      code: 'record-invalid',
      details: { field: 'record.prompt.tokens[2]' },
    })
    const biased = having(['sampling', 'logitBias'], [[2 ** 31 - 1, 1]])
    await expect(replay(biased)).rejects.toMatchObject({ code: 'request-invalid' })
    await expect(replay(having(['prompt', 'tokens'], new Array(2000).fill(1)))).rejects.toMatchObject({
      code: 'context-length-exceeded',
    })
    expect(engine.seen).toHaveLength(made)
  })

  it('with a schema that no answer can follow is an error that names it', async () => {
    const forged = having(['request', 'format', 'schema'], { not: { type: 'string' } })
    await expect(replay(forged)).rejects.toMatchObject({ code: 'schema-unsupported' })
  })

  it('does not reach into prototypes', () => {
    const evil: unknown = JSON.parse(
      JSON.stringify(record).replace('"request":{', '"request":{"__proto__":{"thinking":7},'),
    )
    expect(() => readRecord(evil)).toThrow(expect.objectContaining({ code: 'record-invalid' }))
    expect(Object(globalThis).thinking).toBeUndefined()
  })
})
