import { createChatTemplate } from '@sampan/text'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { conversation } from '../test-support/ask-tokens.ts'
import { type Asked, hi as messages, seededModel } from '../test-support/seeded-model.ts'
import type { AnswerRecord, ReplayVerdict } from './record-types.ts'

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { days: { type: 'integer', minimum: 1, maximum: 9 } },
      additionalProperties: false,
    },
    strict: true,
  },
} as const
const person = {
  type: 'json_schema',
  json_schema: {
    name: 'person',
    schema: {
      type: 'object',
      properties: { name: { type: 'string', maxLength: 8 }, age: { type: 'integer', minimum: 0, maximum: 99 } },
      required: ['name', 'age'],
      additionalProperties: false,
    },
  },
} as const

const { ask, recordOf, replay } = seededModel()

const changed = (record: AnswerRecord, part: keyof AnswerRecord, fields: object): unknown => ({
  ...record,
  [part]: { ...Object(record[part]), ...fields },
})
const whats = (verdict: ReplayVerdict): readonly string[] =>
  verdict.same ? [] : verdict.reasons.map(({ what }) => what)

describe('a replay', () => {
  it.each<[string, Asked]>([
    ['chosen by chance', { temperature: 1.2, top_p: 0.9, top_k: 50, min_p: 0.01 }],
    ['greedy', { temperature: 0 }],
    [
      'with penalties and biases',
      { temperature: 1.2, repetition_penalty: 1.3, presence_penalty: 1, frequency_penalty: -0.5, logit_bias: { 9: 4 } },
    ],
    ['in the form of a schema', { temperature: 1.2, response_format: person, max_tokens: 200 }],
    ['with thoughts that are cut', { temperature: 1.2, thinking_budget: 6, response_format: person, max_tokens: 200 }],
    ['without thoughts', { temperature: 1.2, thinking: { type: 'disabled' } }],
    [
      'that must call',
      { tools: [weather], tool_choice: 'required', parallel_tool_calls: false, thinking_budget: 9, max_tokens: 200 },
    ],
    ['that may call', { temperature: 1.2, tools: [weather], tool_choice: 'auto' }],
    ['that ends before a string', { temperature: 1.2, stop: ['a', 'e', '1'] }],
    ['that goes on', { messages: [...messages, { role: 'assistant', content: 'So' }], continue_final_message: true }],
    ['cut short', { max_tokens: 1 }],
    [
      'after calls',
      {
        messages: [
          ...messages,
          { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] },
          { role: 'tool', tool_call_id: 'a', content: '1' },
        ],
        chat_template_kwargs: { enable_thinking: false },
      },
    ],
  ])('gives the same for an answer %s', async (_, request) => {
    const record = await recordOf(request)
    const verdict = await replay(record)
    expect(verdict).toEqual({ same: true, tokens: record.answer.tokens.length, notes: [], largestDifference: 0 })
    expect(await seededModel().replay(record)).toEqual(verdict)
  })

  it('gives the same for a text that goes on', async () => {
    const { engine, fetch, replay } = seededModel()
    const body = JSON.stringify({ prompt: 'Once upon', max_tokens: 10, record: true })
    const response: { record: AnswerRecord } = await (await fetch('/v1/completions', { method: 'POST', body })).json()
    expect(response.record.request).toEqual({ messages: [], prompt: 'Once upon' })
    expect(await replay(response.record)).toMatchObject({ same: true, tokens: 10 })
    expect(engine.prompts[1]).toEqual(engine.prompts[0])
  })

  it('names the first token that differs', async () => {
    const record = await recordOf({ seed: 8 })
    const { tokens } = record.answer
    const other = (tokens[3] ?? 0) + 1
    const verdict = await replay(changed(record, 'answer', { tokens: tokens.with(3, other) }))
    expect(verdict).toMatchObject({ same: false, at: 3, expected: other, got: tokens[3], largestDifference: 0 })
    expect(whats(verdict)).toEqual(['tokens'])
    const shorter = { tokens: tokens.slice(0, 5), logprobs: record.answer.logprobs.slice(0, 5) }
    const longer = await replay(changed(record, 'answer', shorter))
    expect(longer).toMatchObject({ same: false, at: 5, got: tokens[5] })
    expect(longer).not.toHaveProperty('expected')
  })

  it('notices whatever else of the answer was changed', async () => {
    const record = await recordOf({ seed: 8 })
    const { logprobs } = record.answer
    const lower = (logprobs[2] ?? 0) - 0.5
    const probable = await replay(changed(record, 'answer', { logprobs: logprobs.with(2, lower) }))
    expect(probable).toMatchObject({ reasons: [{ what: 'probabilities', at: 2, recorded: lower, now: logprobs[2] }] })
    expect(probable.largestDifference).toBeCloseTo(0.5, 6)
    expect(whats(await replay(changed(record, 'answer', { text: 'Something else.' })))).toEqual(['text'])
    expect(whats(await replay(changed(record, 'answer', { finish: 'stop' })))).toEqual(['finish'])
  })

  it('notices a prompt that is not what the messages give', async () => {
    const record = await recordOf({ seed: 8 })
    const forged = { messages: [{ role: 'user', content: 'Bye' }] }
    expect(whats(await replay(changed(record, 'request', forged)))).toEqual(['prompt'])
    const tokens = record.prompt.tokens.with(-2, (record.prompt.tokens.at(-2) ?? 0) + 1)
    expect(whats(await replay(changed(record, 'prompt', { tokens })))[0]).toBe('prompt')
    expect(whats(await replay(changed(record, 'prompt', { text: '0' })))).toEqual(['prompt'])
  })

  it('notices marks of turns that the prompt only spells', async () => {
    const record = await recordOf({ seed: 8 })
    const { tokenizer } = conversation
    const tokens = record.prompt.tokens.flatMap((token) =>
      tokenizer.isSpecial(token)
        ? [...tokenizer.decode([token])].flatMap((letter) => tokenizer.encode(letter, { addSpecialTokens: false }))
        : [token],
    )
    expect(tokenizer.decode(tokens)).toBe(tokenizer.decode(record.prompt.tokens))
    expect(whats(await replay(changed(record, 'prompt', { tokens })))[0]).toBe('prompt')
  })

  it('tells of tokens that ended answers then', async () => {
    const record = await recordOf({ seed: 8 })
    const { notes } = await replay(changed(record, 'sampling', { stopTokens: [1, 2] }))
    expect(notes).toEqual([{ what: 'stop-tokens', recorded: '1,2', now: String(record.sampling.stopTokens) }])
  })

  it('notices another seed, temperature or constraint', async () => {
    const record = await recordOf({ seed: 8, temperature: 1.2, max_tokens: 40 })
    for (const fields of [{ seed: 9 }, { temperature: 2 }, { maxTokens: 39 }])
      expect(whats(await replay(changed(record, 'sampling', fields)))).toContain('tokens')
    expect(whats(await replay(changed(record, 'request', { format: { type: 'json-object' } })))).toContain('tokens')
  })

  it('does not run a record of another model', async () => {
    const other = seededModel({ hash: 'hash-2' })
    const verdict = await other.replay(await recordOf())
    expect(verdict).toMatchObject({ same: false, reasons: [{ what: 'model', recorded: 'hash-1', now: 'hash-2' }] })
    expect(other.engine.seen).toEqual([])
  })

  it('tells of another device and build, and judges by what comes out', async () => {
    const record = await recordOf({ temperature: 0 })
    const device = seededModel({ fingerprint: 'fp-2' })
    device.engine.rounding = 1e-4
    const verdict = await device.replay(changed(record, 'engine', { sampan: '0.0.1' }))
    expect(verdict).toMatchObject({
      same: true,
      notes: [
        { what: 'sampan', recorded: '0.0.1' },
        { what: 'fingerprint', recorded: 'fp-1', now: 'fp-2' },
      ],
    })
    expect(verdict.largestDifference).toBeGreaterThan(0)
    device.engine.rounding = 1
    expect((await device.replay(record)).same).toBe(false)
  })

  it('tells where a hash is not known, or the cache was used', async () => {
    const { hash: _, ...model } = (await recordOf()).model
    const record = { ...(await recordOf({ cache_prompt: true })), model }
    expect(await replay(record)).toMatchObject({
      same: true,
      notes: [
        { what: 'hash', recorded: undefined, now: 'hash-1' },
        { what: 'cache', recorded: '2', now: '0' },
      ],
    })
  })

  it('is less strict with what was made with the cache', async () => {
    for (const [cache_prompt, same] of [
      [true, true],
      [false, false],
    ] as const) {
      await ask({})
      const record = await recordOf({ cache_prompt, seed: 8 })
      const logprobs = record.answer.logprobs.map((logprob) => logprob - 0.05)
      expect((await replay(changed(record, 'answer', { logprobs }))).same).toBe(same)
    }
  })

  it('holds an answer to what it is to be, as then', async () => {
    const held = { seed: 3, temperature: 1.5, thinking_budget: 4, max_tokens: 300 }
    const typed = await ask({ ...held, response_format: person })
    expect(JSON.parse(typed.choices[0]?.message.content ?? '')).toMatchObject({ name: expect.any(String) })
    const called = await ask({ ...held, tools: [weather], tool_choice: 'required', parallel_tool_calls: false })
    expect(called.choices[0]?.finish_reason).toBe('tool_calls')
    for (const { record } of [typed, called]) expect(await replay(record)).toMatchObject({ same: true })
  })

  it('by force compares only probabilities, past a token that would be another', async () => {
    const record = await recordOf({ seed: 8 })
    const { tokens } = record.answer
    expect(await replay(record, { forced: true })).toEqual({ same: true, tokens: 40, notes: [], largestDifference: 0 })
    const near = seededModel({ fingerprint: 'fp-2' })
    near.engine.rounding = 1
    expect(whats(await near.replay(record))).toContain('tokens')
    const verdict = await near.replay(record, { forced: true })
    expect(whats(verdict)).toEqual(['probabilities'])
    expect(verdict.largestDifference).toBeLessThan(1)
    near.engine.rounding = 0.05
    expect(await near.replay(record, { forced: true })).toMatchObject({ same: true })
    const stopped = await recordOf({ seed: 8, stop: ['a', 'e', '1'] })
    expect(stopped.answer.finish).toBe('stop')
    expect(await replay(stopped, { forced: true })).toMatchObject({ same: true, largestDifference: 0 })
    const forged = changed(record, 'answer', { tokens: tokens.with(4, 2 ** 31 - 1) })
    await expect(replay(forged, { forced: true })).rejects.toMatchObject({
      code: 'record-invalid',
      details: { field: 'record.answer.tokens[4]' },
    })
  })

  it('stops when it is aborted', async () => {
    const controller = new AbortController()
    const verdict = replay(await recordOf(), { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(verdict).rejects.toThrow('enough')
  })
})

describe('the clock', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('of a template shows what it showed', async () => {
    const source =
      "{{ strftime_now('%Y-%m-%d %H:%M:%S') }}: {% for message in messages %}{{ message.content }}{% endfor %}"
    const { completions, engine, replay } = seededModel({}, { ...conversation, template: createChatTemplate(source) })
    const { record } = await completions.create({ messages, max_tokens: 4, record: true })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 90_000_000 })
    expect(await replay(record)).toMatchObject({ same: true })
    const { record: later } = await completions.create({ messages, max_tokens: 4, record: true })
    expect(later?.prompt.text).not.toBe(record?.prompt.text)
    expect(engine.prompts[1]).toEqual(engine.prompts[0])
  })
})
