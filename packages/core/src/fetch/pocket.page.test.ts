import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'

// The `openai` package in a page, with a model that was trained for tools and thoughts, on the CPU: what every answer must be, however well
// or badly the model does.
const pocket = readFileSync(new URL('../../../pocket/pocket.gguf', import.meta.url))
let test: TestPage
let server: TestServer

interface Globals {
  readonly model: import('../load/model.ts').Model
  readonly client: import('openai').OpenAI
  readonly weather: import('openai').OpenAI.ChatCompletionFunctionTool
}

beforeAll(async () => {
  test = await openTestPage({ webgpu: false, packages: ['openai'] })
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    sendRange(request, response, pocket)
  })
  // As text: Vitest would rewrite the import.
  await test.page.evaluate("import('/@id/openai').then(({ OpenAI }) => void Object.assign(globalThis, { OpenAI }))")
  await test.page.evaluate(async (url) => {
    const { core, OpenAI }: { core: typeof import('../index.ts'); OpenAI: typeof import('openai').OpenAI } =
      Object(globalThis)
    const model = await core.load(url)
    const options = { apiKey: 'none', baseURL: 'https://sampan.invalid/v1', dangerouslyAllowBrowser: true }
    const parameters = {
      type: 'object',
      properties: { location: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['location'],
    }
    const description = 'Get the current weather in a given location'
    const weather = { type: 'function', function: { name: 'get_current_weather', description, parameters } }
    Object.assign(globalThis, { model, weather, client: new OpenAI({ ...options, fetch: model.fetch }) })
  }, `${server.url}/pocket.gguf`)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

describe('Pocket over the openai package', () => {
  it('calls the tool that it must, whole and streamed alike, and uses what the tool says', async () => {
    const seen = await test.page.evaluate(async () => {
      const { client, weather }: Globals = Object(globalThis)
      const question = { role: 'user', content: "What's the weather like in Boston?" } as const
      const request = { model: 'any', temperature: 0, tools: [weather], messages: [question] }
      const forced = {
        ...request,
        tool_choice: { type: 'function', function: { name: 'get_current_weather' } } as const,
      }
      const whole = (await client.chat.completions.create(forced)).choices[0]
      const streamed = (await client.chat.completions.stream(forced).finalChatCompletion()).choices[0]
      const [call] = whole?.message.tool_calls ?? []
      if (!whole || call?.type !== 'function') return { whole, streamed, text: undefined }
      const answer = { role: 'tool', tool_call_id: call.id, content: '{"weather":"rain","temperature":12}' } as const
      const next = await client.chat.completions.create({ ...request, messages: [question, whole.message, answer] })
      return { whole, streamed, text: next.choices[0]?.message.content }
    })
    const call = seen.whole?.message.tool_calls?.[0]
    expect(seen.whole).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } })
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_current_weather' } })
    const json = call?.type === 'function' ? call.function.arguments : ''
    expect(JSON.parse(json)).toMatchObject({ location: expect.any(String) })
    expect(seen.streamed?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'get_current_weather', arguments: json },
    })
    expect(seen.streamed?.finish_reason).toBe('tool_calls')
    expect(seen.text).toMatch(/\S/)
  })

  it('answers in the form of a schema, however it is drawn', async () => {
    const texts = await test.page.evaluate(async () => {
      const { client }: Globals = Object(globalThis)
      const properties = { name: { type: 'string', maxLength: 20 }, age: { type: 'integer', minimum: 0, maximum: 150 } }
      const schema = { type: 'object', properties, required: ['name', 'age'], additionalProperties: false }
      const answer = await client.chat.completions.create({
        model: 'any',
        messages: [{ role: 'user', content: 'Ada is 36 years old. Reply with JSON.' }],
        response_format: { type: 'json_schema', json_schema: { name: 'person', schema, strict: true } },
        temperature: 1.5,
        seed: 1,
        n: 4,
      })
      return answer.choices.map(({ message, finish_reason }) => [finish_reason, message.content ?? ''] as const)
    })
    expect(texts).toHaveLength(4)
    for (const [finish, text] of texts) {
      expect(finish).toBe('stop')
      const value: unknown = JSON.parse(text)
      expect(value).toEqual({ name: expect.any(String), age: expect.any(Number) })
    }
  })

  it('keeps thoughts apart, counts tokens, and tells their chances', async () => {
    const { answer, counted, off } = await test.page.evaluate(async () => {
      const { client, model }: Globals = Object(globalThis)
      const request = {
        model: 'any',
        messages: [{ role: 'user', content: 'What is 12 + 7?' } as const],
        temperature: 0,
      }
      const thinking = { ...request, reasoning_effort: 'low', logprobs: true, top_logprobs: 2 } as const
      const off = await client.chat.completions.create({ ...request, reasoning_effort: 'none' })
      return {
        answer: await client.chat.completions.create(thinking),
        counted: await model.countTokens(thinking),
        off: off.choices[0]?.message,
      }
    })
    const [choice] = answer.choices
    const content = choice?.message.content ?? ''
    expect(choice?.message).toMatchObject({ reasoning_content: expect.stringMatching(/\S/) })
    expect(content).not.toContain('think>')
    expect(off).not.toHaveProperty('reasoning_content')
    expect(answer.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0)
    expect(counted).toBe(answer.usage?.prompt_tokens)
    const tokens = choice?.logprobs?.content ?? []
    const bytes = tokens.flatMap(({ bytes }) => bytes ?? [])
    expect(new TextDecoder().decode(new Uint8Array(bytes)).trim()).toBe(content.trim())
    for (const { logprob, token, top_logprobs } of tokens) {
      expect(logprob).toBeLessThanOrEqual(0)
      expect(top_logprobs).toHaveLength(2)
      // Greedy: the token is the likeliest.
      expect(top_logprobs[0]).toMatchObject({ token, logprob })
    }
  })
}, 120_000)
