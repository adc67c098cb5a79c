import OpenAI from 'openai'
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { AnswerPart } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { scriptedFetch } from '../test-support/scripted-fetch.ts'
import { endless, type Script, type ScriptedSource, saying } from '../test-support/scripted-source.ts'

// The `openai` package, unchanged, with a model that does what the test says.

const messages = [{ role: 'user', content: 'hello' } as const]
const model = 'test/model'

function connect(...scripts: readonly Script[]): { client: OpenAI; source: ScriptedSource } {
  const { fetch, source } = scriptedFetch(...scripts)
  return { source, client: new OpenAI({ apiKey: 'none', baseURL: 'https://any.example/v1', fetch }) }
}

const weatherCall: readonly AnswerPart[] = [
  { type: 'tool-call', index: 0, id: 'call_1', name: 'weather' },
  { type: 'tool-arguments', index: 0, text: '{"city":' },
  { type: 'tool-arguments', index: 0, text: '"Kyoto"}' },
]

describe('chat.completions.create', () => {
  it('answers', async () => {
    const { client } = connect(saying('Hello ', 'there'))
    const { data, response, request_id } = await client.chat.completions.create({ model, messages }).withResponse()
    expect(response.status).toBe(200)
    expect(request_id).toBe(data.id)
    expect(data).toMatchObject({
      object: 'chat.completion',
      model,
      system_fingerprint: 'fp_test',
      choices: [
        { index: 0, message: { role: 'assistant', content: 'Hello there', refusal: null }, finish_reason: 'stop' },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    })
  })

  it('streams', async () => {
    const { client } = connect(saying('Hello ', 'there'))
    const stream = await client.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello there')
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 5 } })
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  })

  it('stops at a stop string that lies across pieces', async () => {
    const { client } = connect(saying('one E', 'N', 'D two'))
    const answer = await client.chat.completions.create({ model, messages, stop: 'END' })
    expect(answer.choices[0]).toMatchObject({ message: { content: 'one ' }, finish_reason: 'stop' })
  })

  it('makes several choices', async () => {
    const { client, source } = connect(saying('a'), saying('b'))
    const answer = await client.chat.completions.create({ model, messages, n: 2, seed: 2 ** 32 - 1 })
    expect(answer.choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'a'],
      [1, 'b'],
    ])
    expect(answer.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 })
    expect(source.requests.map(({ seed }) => seed)).toEqual([2 ** 32 - 1, 0])
  })
})

describe('errors', () => {
  it('names the field of a bad request', async () => {
    const { client } = connect(saying('x'))
    const failed = await client.chat.completions.create({ model, messages, temperature: 3 }).catch((error) => error)
    expect(failed).toBeInstanceOf(OpenAI.BadRequestError)
    expect(failed).toMatchObject({ param: 'temperature', code: 'invalid_value', type: 'invalid_request_error' })
    await expect(client.chat.completions.create({ model, messages, store: true })).rejects.toMatchObject({
      status: 400,
      param: 'store',
      code: 'unsupported_parameter',
    })
  })

  it('tells that a prompt is too long, and that a model is lost, without asking again', async () => {
    const failing = (code: 'context-length-exceeded' | 'device-lost'): Script => {
      return () => Promise.reject(new SampanError(code, 'No.', { promptTokens: 9, contextLength: 8 }))
    }
    const long = connect(failing('context-length-exceeded'))
    await expect(long.client.chat.completions.create({ model, messages })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      param: 'messages',
    })
    const lost = connect(failing('device-lost'))
    const failed = await lost.client.chat.completions.create({ model, messages }).catch((error) => error)
    expect(failed).toBeInstanceOf(OpenAI.InternalServerError)
    expect(failed).toMatchObject({ status: 503, code: 'device-lost', type: 'server_error' })
    expect(lost.source.requests).toHaveLength(1)
  })

  it('tells of a failure in the middle of a stream', async () => {
    const { client } = connect(async (_, { accepted, part }) => {
      accepted()
      await part({ type: 'content', text: 'so far' })
      throw new SampanError('device-lost', 'The GPU is gone.')
    })
    const stream = await client.chat.completions.create({ model, messages, stream: true })
    let text = ''
    const read = async (): Promise<void> => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    }
    await expect(read()).rejects.toMatchObject({
      code: 'device-lost',
      message: expect.stringContaining('The GPU is gone.'),
    })
    expect(text).toBe('so far')
  })
})

describe('abort', () => {
  it('of an answer', async () => {
    const { client, source } = connect(endless)
    const controller = new AbortController()
    const answer = client.chat.completions.create({ model, messages }, { signal: controller.signal })
    await vi.waitFor(() => expect(source.running).toBe(1))
    controller.abort()
    await expect(answer).rejects.toBeInstanceOf(OpenAI.APIUserAbortError)
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it.each(['break', 'abort'])('of a stream, by %s', async (how) => {
    const { client, source } = connect(endless)
    const stream = await client.chat.completions.create({ model, messages, stream: true })
    let chunks = 0
    for await (const _ of stream) {
      if (++chunks < 3) continue
      if (how === 'break') break
      stream.controller.abort()
    }
    expect(chunks).toBeGreaterThanOrEqual(3)
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it('of several choices stops them all', async () => {
    const { client, source } = connect(saying('a'), endless)
    const stream = await client.chat.completions.create({ model, messages, stream: true, n: 3 })
    const seen = new Set<number>()
    for await (const { choices } of stream) {
      for (const { index } of choices) seen.add(index)
      if (seen.has(1)) break
    }
    await vi.waitFor(() => expect(source.running).toBe(0))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(source.requests.length).toBeLessThanOrEqual(2)
  })
})

describe('helpers', () => {
  it('chat.completions.stream puts an answer together', async () => {
    const { client } = connect(saying({ type: 'reasoning', text: 'hm' }, 'It is ', 'sunny', ...weatherCall))
    const tools: OpenAI.ChatCompletionTool[] = [{ type: 'function', function: { name: 'weather', parameters: {} } }]
    const stream = client.chat.completions.stream({ model, messages, tools, logprobs: true })
    const deltas: string[] = []
    stream.on('content', (delta) => deltas.push(delta))
    const argumentPieces: string[] = []
    stream.on('tool_calls.function.arguments.delta', (event) => argumentPieces.push(event.arguments_delta))
    const answer = await stream.finalChatCompletion()
    expect(deltas).toEqual(['It is ', 'sunny'])
    expect(argumentPieces.join('')).toBe('{"city":"Kyoto"}')
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'It is sunny',
        reasoning_content: 'hm',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Kyoto"}' } }],
      },
    })
    expect(await stream.totalUsage()).toMatchObject({ total_tokens: 5 })
  })

  it.each([false, true])('runTools calls the tool and goes on, streaming: %s', async (streaming) => {
    const { client, source } = connect(saying(...weatherCall), saying('Rain in Kyoto.'))
    const asked: unknown[] = []
    const body = {
      model,
      messages: [...messages],
      tools: [
        zodFunction({
          name: 'weather',
          parameters: z.object({ city: z.string() }),
          function: (parsed) => {
            asked.push(parsed)
            return 'rain'
          },
        }),
      ],
    }
    const runner = streaming
      ? client.chat.completions.runTools({ ...body, stream: true })
      : client.chat.completions.runTools(body)
    expect(await runner.finalContent()).toBe('Rain in Kyoto.')
    expect(asked).toEqual([{ city: 'Kyoto' }])
    expect(source.requests[1]?.messages).toEqual([
      { role: 'user', content: 'hello' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Kyoto"}' }],
      },
      { role: 'tool', content: 'rain', toolCallId: 'call_1' },
    ])
  })

  it('parse gives the object that the schema describes', async () => {
    const { client, source } = connect(saying('{"name":', '"Ada"}'))
    const format = zodResponseFormat(z.object({ name: z.string() }), 'person')
    const answer = await client.chat.completions.parse({ model, messages, response_format: format })
    expect(answer.choices[0]?.message.parsed).toEqual({ name: 'Ada' })
    expect(source.requests[0]?.format).toMatchObject({ type: 'json-schema', schema: { required: ['name'] } })
  })
})

describe('models', () => {
  it('lists the one that is loaded', async () => {
    const { client } = connect(saying('x'))
    const ids: string[] = []
    for await (const { id } of client.models.list()) ids.push(id)
    expect(ids).toEqual([model])
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model', owned_by: 'sampan' })
    await expect(client.models.retrieve('gpt-9')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })

  it('says what else it does not have', async () => {
    const { client } = connect(saying('x'))
    await expect(client.embeddings.create({ model, input: 'x' })).rejects.toMatchObject({
      status: 404,
      code: 'unknown_url',
    })
    await expect(client.models.delete(model)).rejects.toMatchObject({ status: 405, code: 'method_not_allowed' })
  })
})
