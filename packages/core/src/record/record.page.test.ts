import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatCompletion, ChatCompletionRequestNonStreaming } from '../chat/chat-types.ts'
import { throughJson } from '../test-support/seeded-model.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import type { AnswerRecord, ReplayVerdict } from './record-types.ts'

// Pocket in a real page, on the GPU's engine and on the CPU's, and another model.
const read = (path: string): Buffer => readFileSync(new URL(`../../../../${path}`, import.meta.url))
const files = new Map([
  ['/pocket.gguf', read('packages/pocket/pocket.gguf')],
  ['/tiny.gguf', read('test/fixtures/tiny.gguf')],
])
const models = ['sampan', 'wllama', 'tiny'] as const
type Name = (typeof models)[number]

let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage()
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    const content = files.get(request.url ?? '')
    if (content) sendRange(request, response, content)
    else response.writeHead(404).end()
  })
  await test.page.evaluate(async (url) => {
    const page: { core: typeof import('../index.ts'); models?: unknown } = Object(globalThis)
    const pocket = await (await fetch(`${url}/pocket.gguf`)).blob()
    page.models = {
      sampan: await page.core.load(`${url}/pocket.gguf`, { backend: 'sampan' }),
      // From a file whose bytes no load reads, beside one that came in ranges.
      wllama: await page.core.load(pocket, { backend: 'wllama' }),
      tiny: await page.core.load(`${url}/tiny.gguf`, { backend: 'wllama' }),
    }
  }, server.url)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

const hashOf = (name: Name): Promise<string | undefined> =>
  test.page.evaluate((name) => Object(globalThis).models[name].info.hash, name)

const ask = (name: Name, request: Partial<ChatCompletionRequestNonStreaming>): Promise<ChatCompletion> =>
  test.page.evaluate(
    ({ name, request }) => {
      const { models }: { models: Record<string, import('../load/model.ts').Model> } = Object(globalThis)
      const messages = [{ role: 'user', content: 'Ada is 36 years old. What is 17 + 26?' } as const]
      const asked = { messages, max_tokens: 24, temperature: 1.2, record: true, ...request, stream: false as const }
      const answer = models[name]?.chat.completions.create(asked)
      if (!answer) throw new Error(`no model ${name}`)
      return answer
    },
    { name, request },
  )

const replay = (name: Name, record: unknown): Promise<ReplayVerdict> =>
  test.page.evaluate(({ name, record }) => Object(globalThis).models[name].replay(record), { name, record })

const schema = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 6 }, age: { type: 'integer', minimum: 0, maximum: 99 } },
  required: ['name', 'age'],
  additionalProperties: false,
} as const
const add = { type: 'function', function: { name: 'add', parameters: schema, strict: true } } as const

describe('the hash of a model', () => {
  it('is that of its content, whatever runs it and wherever it comes from', async () => {
    const [sampan, wllama, tiny] = await Promise.all(models.map(hashOf))
    expect(sampan).toMatch(/^sampan-model-1:[0-9a-f]{64}$/)
    expect(wllama).toBe(sampan)
    expect(tiny).not.toBe(sampan)
  })
})

describe.each(['sampan', 'wllama'] as const)('an answer of %s', (name) => {
  it.each<[string, Partial<ChatCompletionRequestNonStreaming>]>([
    [
      'with penalties, thoughts and a schema',
      {
        repetition_penalty: 1.1,
        presence_penalty: 0.5,
        frequency_penalty: 0.5,
        thinking_budget: 4,
        max_tokens: 60,
        response_format: { type: 'json_schema', json_schema: { name: 'person', schema } },
      },
    ],
    ['that must call', { tools: [add], tool_choice: 'required', parallel_tool_calls: false, max_tokens: 60 }],
  ])(
    '%s is given again from its record',
    async (_, request) => {
      // What was asked before leaves nothing behind that counts.
      await ask(name, { max_tokens: 1, cache_prompt: true })
      const reply = await ask(name, request)
      expect(reply.choices[0]?.finish_reason).not.toBe('length')
      const record = throughJson(reply.record)
      expect(record.model.hash).toBe(await hashOf(name))
      const tokens = record.answer.tokens.length
      expect(await replay(name, record)).toEqual({ same: true, tokens, notes: [], largestDifference: 0 })
    },
    60_000,
  )

  it('that was changed is told by the place', async () => {
    const record = throughJson((await ask(name, { seed: 1, temperature: 2, max_tokens: 8 })).record)
    const { tokens } = record.answer
    const at = tokens.length - 1
    const forged: AnswerRecord = { ...record, answer: { ...record.answer, tokens: tokens.with(at, 5) } }
    expect(await replay(name, forged)).toMatchObject({ same: false, at, expected: 5, got: tokens[at] })
  }, 60_000)
})

it('an answer of another model is not made again, one of another device is', async () => {
  const record = throughJson((await ask('wllama', { temperature: 0, max_tokens: 12 })).record)
  expect(await replay('tiny', record)).toMatchObject({ same: false, reasons: [{ what: 'model' }] })
  const verdict = await replay('sampan', record)
  expect(verdict.notes).toMatchObject([{ what: 'fingerprint', recorded: record.engine.fingerprint }])
  expect(verdict.largestDifference).toBeGreaterThan(0)
}, 60_000)

it('an answer within a session is given again without it', async () => {
  const records = await test.page.evaluate(async () => {
    const { models }: { models: Record<string, import('../load/model.ts').Model> } = Object(globalThis)
    const session = models['wllama']?.session({ record: true, temperature: 1.2, max_tokens: 8 })
    const answers = [session?.send('Hello'), session?.send('And again?')]
    return Promise.all(answers.map(async (answer) => (await answer?.completion())?.record))
  })
  for (const record of records.map(throughJson)) expect(await replay('wllama', record)).toMatchObject({ same: true })
  expect(records[1]?.request.messages).toHaveLength(3)
}, 60_000)

it('what is no record is a typed error', async () => {
  await expect(
    test.page.evaluate(() =>
      Object(globalThis)
        .models.sampan.replay({ format: 'mine' })
        .catch(({ code, details }: { code: string; details: object }) => ({ code, details })),
    ),
  ).resolves.toEqual({ code: 'record-invalid', details: { field: 'record.format' } })
})
