import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { DirectChatTransport, generateText, isStepCount, Output, streamText, ToolLoopAgent, tool } from 'ai'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { AnswerPart } from '../backend.ts'
import { scriptedFetch } from '../test-support/scripted-fetch.ts'
import { endless, type Script, type ScriptedSource, saying } from '../test-support/scripted-source.ts'

function connect(...scripts: readonly Script[]): {
  readonly model: ReturnType<ReturnType<typeof createOpenAICompatible>>
  readonly source: ScriptedSource
} {
  const { fetch, source } = scriptedFetch(...scripts)
  const provider = createOpenAICompatible({
    name: 'sampan',
    baseURL: 'https://any.example/v1',
    fetch,
    supportsStructuredOutputs: true,
  })
  return { model: provider('test/model'), source }
}

const weatherCall: readonly AnswerPart[] = [
  { type: 'tool-call', index: 0, id: 'call_1', name: 'weather' },
  { type: 'tool-arguments', index: 0, text: '{"city":' },
  { type: 'tool-arguments', index: 0, text: '"Kyoto"}' },
]

const tools = {
  weather: tool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => `rain in ${city}`,
  }),
}

describe('the AI SDK over model.fetch', () => {
  it('generateText: text, thoughts, usage', async () => {
    const { model, source } = connect(saying({ type: 'reasoning', text: 'hm' }, 'Hello'))
    const { text, reasoningText, finishReason, usage } = await generateText({
      model,
      prompt: 'hello',
      temperature: 0,
      seed: 7,
      providerOptions: { sampan: { top_k: 4, reasoningEffort: 'low' } },
    })
    expect({ text, reasoningText, finishReason }).toEqual({ text: 'Hello', reasoningText: 'hm', finishReason: 'stop' })
    expect(usage).toMatchObject({ inputTokens: 3, outputTokens: 2, totalTokens: 5 })
    expect(source.requests[0]).toMatchObject({ temperature: 0, seed: 7, topK: 4, thinking: true, thinkingBudget: 1024 })
  })

  it('streamText: pieces in order', async () => {
    const { model } = connect(saying({ type: 'reasoning', text: 'hm' }, 'Hel', 'lo'))
    const { fullStream } = streamText({ model, prompt: 'hello' })
    const seen: string[] = []
    for await (const part of fullStream)
      if (part.type === 'text-delta' || part.type === 'reasoning-delta') seen.push(`${part.type} ${part.text}`)
    expect(seen).toEqual(['reasoning-delta hm', 'text-delta Hel', 'text-delta lo'])
  })

  it.each(['generateText', 'streamText'])('%s: a tool in several steps', async (how) => {
    const { model, source } = connect(saying(...weatherCall), saying('Take an umbrella.'))
    const options = { model, prompt: 'Kyoto?', tools, stopWhen: isStepCount(3) }
    const result = how === 'generateText' ? await generateText(options) : streamText(options)
    expect(await result.text).toBe('Take an umbrella.')
    expect(await result.steps).toHaveLength(2)
    expect(source.requests[0]?.tools).toMatchObject([{ name: 'weather', parameters: { required: ['city'] } }])
    expect(source.requests[1]?.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Kyoto"}' }],
      },
      { role: 'tool', content: 'rain in Kyoto', toolCallId: 'call_1' },
    ])
  })

  it('Output.object: asks for the schema and gives the object', async () => {
    const { model, source } = connect(saying('{"name":', '"Ada","age":36}'))
    const output = Output.object({ schema: z.object({ name: z.string(), age: z.number() }) })
    const result = await generateText({ model, prompt: 'who?', output })
    expect(result.output).toEqual({ name: 'Ada', age: 36 })
    expect(source.requests[0]?.format).toMatchObject({ type: 'json-schema', schema: { required: ['name', 'age'] } })
  })

  it('DirectChatTransport: a chat with no server', async () => {
    const { model, source } = connect(saying(...weatherCall), saying('Take an ', 'umbrella.'))
    const transport = new DirectChatTransport({ agent: new ToolLoopAgent({ model, tools }) })
    const chunks = await transport.sendMessages({
      chatId: 'chat',
      trigger: 'submit-message',
      messageId: undefined,
      abortSignal: undefined,
      messages: [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Kyoto?' }] }],
    })
    const seen: unknown[] = []
    const reader = chunks.getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const chunk = next.value
      if (chunk.type === 'text-delta') seen.push(chunk.delta)
      if (chunk.type === 'tool-output-available') seen.push(chunk.output)
    }
    expect(seen).toEqual(['rain in Kyoto', 'Take an ', 'umbrella.'])
    expect(source.requests).toHaveLength(2)
  })

  it('an abort stops the generation', async () => {
    const { model, source } = connect(endless)
    const controller = new AbortController()
    const { fullStream } = streamText({ model, prompt: 'hello', abortSignal: controller.signal })
    let aborted = false
    for await (const part of fullStream) {
      if (part.type === 'text-delta') controller.abort()
      aborted ||= part.type === 'abort'
    }
    expect(aborted).toBe(true)
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it('a bad request is an error with its reason', async () => {
    const { model } = connect(saying('x'))
    await expect(generateText({ model, prompt: 'x', temperature: 9, maxRetries: 0 })).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('temperature'),
    })
  })
})
