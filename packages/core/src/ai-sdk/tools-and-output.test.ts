import { generateText, isStepCount, type LanguageModel, Output, streamText, type ToolSet, tool } from 'ai'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { AnswerPart } from '../backend.ts'
import { scriptedModel } from '../test-support/scripted-model.ts'
import { type Script, saying } from '../test-support/scripted-source.ts'

const call = (index: number, id: string, city: string): readonly AnswerPart[] => [
  { type: 'tool-call', index, id, name: 'weather' },
  { type: 'tool-arguments', index, text: '{"city":' },
  { type: 'tool-arguments', index, text: `${JSON.stringify(city)}}` },
]

const weather = vi.fn(({ city }: { city: string }) => `rain in ${city}`)
const tools = {
  weather: tool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: (input) => weather(input),
  }),
} satisfies ToolSet

describe.each(['generateText', 'streamText'])('%s with tools', (how) => {
  async function ask(model: LanguageModel): Promise<{
    text: string
    steps: readonly { finishReason: string; toolCalls: readonly { toolCallId: string }[]; text: string }[]
  }> {
    const options = { model, prompt: 'Kyoto?', tools, stopWhen: isStepCount(4) }
    const result = how === 'generateText' ? await generateText(options) : streamText(options)
    return { text: await result.text, steps: await result.steps }
  }

  it('goes several steps, with several calls in one', async () => {
    const { languageModel, source } = scriptedModel(
      saying(...call(0, 'a', 'Kyoto'), ...call(1, 'b', 'Nara')),
      saying({ type: 'reasoning', text: 'hm' }, ...call(0, 'c', 'Uji')),
      saying('Take an umbrella.'),
    )
    const { text, steps } = await ask(languageModel)
    expect(text).toBe('Take an umbrella.')
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'tool-calls', 'stop'])
    expect(source.requests[0]).toMatchObject({ toolChoice: 'auto' })
    const asked = (id: string, city: string): object => ({ id, name: 'weather', arguments: JSON.stringify({ city }) })
    expect(source.requests[2]?.messages).toEqual([
      { role: 'user', content: 'Kyoto?' },
      { role: 'assistant', content: '', toolCalls: [asked('a', 'Kyoto'), asked('b', 'Nara')] },
      { role: 'tool', content: 'rain in Kyoto', toolCallId: 'a' },
      { role: 'tool', content: 'rain in Nara', toolCallId: 'b' },
      { role: 'assistant', content: '', toolCalls: [asked('c', 'Uji')] },
      { role: 'tool', content: 'rain in Uji', toolCallId: 'c' },
    ])
  })

  it('a call that turns out to be none is text, and is not made', async () => {
    weather.mockClear()
    const { languageModel } = scriptedModel(
      saying(
        { type: 'tool-call', index: 0, id: 'a', name: 'weather' },
        { type: 'tool-arguments', index: 0, text: '{}' },
        { type: 'content', text: '<tool_call>{}' },
        { type: 'warning', code: 'tool-call-malformed', message: 'no call', index: 0 },
      ),
    )
    const { text, steps } = await ask(languageModel)
    expect(text).toBe('<tool_call>{}')
    expect(steps).toMatchObject([
      { toolCalls: [], providerMetadata: { sampan: { warnings: [{ code: 'tool-call-malformed' }] } } },
    ])
    expect(weather).not.toHaveBeenCalled()
  })

  it.each(['', '{"city":"Ky'])('a call that is cut is not made: %j', async (json) => {
    weather.mockClear()
    const cut: Script = async (_request, output) => {
      output.accepted()
      await output.part({ type: 'tool-call', index: 0, id: 'a', name: 'weather' })
      await output.part({ type: 'tool-arguments', index: 0, text: json })
      return { reason: 'length' }
    }
    const { steps } = await ask(scriptedModel(cut).languageModel)
    const message = expect.stringContaining('weather')
    expect(steps).toMatchObject([
      { finishReason: 'length', toolCalls: [], providerMetadata: { sampan: { warnings: [{ message }] } } },
    ])
    expect(weather).not.toHaveBeenCalled()
  })
})

it.each([
  ['required', 'required'],
  [{ type: 'tool', toolName: 'weather' }, { name: 'weather' }],
] as const)('tool choice %j', async (toolChoice, expected) => {
  const { languageModel, source } = scriptedModel(saying(...call(0, 'a', 'Kyoto')))
  const { toolCalls } = await generateText({ model: languageModel, prompt: 'x', tools, toolChoice })
  expect(toolCalls).toMatchObject([{ toolCallId: 'a', input: { city: 'Kyoto' } }])
  expect(source.requests[0]?.toolChoice).toEqual(expected)
})

describe('Output.object', () => {
  const schema = z.object({ name: z.string(), age: z.number() })

  it('holds the answer to the schema and gives the object', async () => {
    const { languageModel, source } = scriptedModel(saying('{"name":', '"Ada","age":36}'))
    const output = Output.object({ schema, name: 'a name with spaces' })
    expect((await generateText({ model: languageModel, prompt: 'who?', output })).output).toEqual({
      name: 'Ada',
      age: 36,
    })
    expect(source.requests[0]?.format).toMatchObject({ type: 'json-schema', schema: { required: ['name', 'age'] } })
  })

  it('streams it as it grows', async () => {
    const { languageModel } = scriptedModel(saying('{"name":"A', 'da","age":36}'))
    const seen: unknown[] = []
    const { partialOutputStream } = streamText({
      model: languageModel,
      prompt: 'who?',
      output: Output.object({ schema }),
    })
    for await (const part of partialOutputStream) seen.push(part)
    expect(seen).toEqual([{ name: 'A' }, { name: 'Ada', age: 36 }])
  })

  it('without a schema: any object', async () => {
    const { languageModel, source } = scriptedModel(saying('{"a":1}'))
    expect((await generateText({ model: languageModel, prompt: 'x', output: Output.json() })).output).toEqual({ a: 1 })
    expect(source.requests[0]?.format).toEqual({ type: 'json-object' })
  })
})
