import { createProviderRegistry, generateText, type LanguageModel, streamText, type ToolSet, tool } from 'ai'
import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { z } from 'zod'
import type { Model } from '../load/model.ts'
import { scriptedModel } from '../test-support/scripted-model.ts'
import { endless, type Script, saying } from '../test-support/scripted-source.ts'
import type { ChatModel } from './chat-model.ts'
import type { SampanProviderOptions } from './provider-options.ts'
import { createSampan, type sampan } from './sampan.ts'

// The AI SDK's own functions over a scripted model.
const tools = {
  weather: tool({ description: 'Tells the weather.', inputSchema: z.object({ city: z.string() }) }),
} satisfies ToolSet

describe('types', () => {
  it('a loaded model is what `sampan` takes, and what it gives is what `ai` takes', () => {
    expectTypeOf<Model>().toExtend<ChatModel>()
    expectTypeOf<ReturnType<typeof sampan>>().toExtend<LanguageModel>()
    expectTypeOf<{ sampan: SampanProviderOptions }>().toExtend<
      NonNullable<Parameters<typeof generateText>[0]['providerOptions']>
    >()
  })
})

describe('generateText', () => {
  it('tells text, thoughts, usage, and where the answer comes from', async () => {
    const { languageModel } = scriptedModel(async (request, output, index) => ({
      ...(await saying({ type: 'reasoning', text: 'hm' }, 'Hel', 'lo')(request, output, index)),
      promptTokens: 10,
      cachedTokens: 4,
      completionTokens: 6,
      reasoningTokens: 2,
    }))
    const result = await generateText({ model: languageModel, prompt: 'hello' })
    const { text, reasoningText, finishReason, rawFinishReason, usage, warnings } = result
    expect({ text, reasoningText, finishReason, rawFinishReason, warnings }).toEqual({
      text: 'Hello',
      reasoningText: 'hm',
      finishReason: 'stop',
      rawFinishReason: 'stop',
      warnings: [],
    })
    expect(usage).toMatchObject({
      inputTokens: 10,
      inputTokenDetails: { noCacheTokens: 6, cacheReadTokens: 4 },
      outputTokens: 6,
      outputTokenDetails: { textTokens: 4, reasoningTokens: 2 },
      totalTokens: 16,
    })
    expect(result.response).toMatchObject({ modelId: 'test/model', id: expect.stringMatching(/^chatcmpl-/) })
    expect(result.providerMetadata).toEqual({ sampan: { systemFingerprint: 'fp_test' } })
  })

  it('hands on every setting and option, and changes nothing of the caller', async () => {
    const { languageModel, source } = scriptedModel(saying('x'))
    const own = {
      minP: 0.1,
      repetitionPenalty: 1.2,
      thinkingBudget: 5,
      logitBias: { 7: -100 },
      logprobs: true,
      topLogprobs: 2,
      parallelToolCalls: false,
      chatTemplateKwargs: { date: 'today' },
      truncation: 'auto',
      cachePrompt: false,
      priority: 'background',
    } satisfies SampanProviderOptions
    const before = structuredClone(own)
    await generateText({
      model: languageModel,
      instructions: 'Be brief.',
      prompt: 'hello',
      tools,
      toolChoice: 'none',
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      presencePenalty: 0.5,
      frequencyPenalty: -0.5,
      stopSequences: ['END'],
      seed: 7,
      reasoning: 'low',
      providerOptions: { sampan: own },
    })
    expect(source.requests[0]).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello' },
      ],
      maxTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      minP: 0.1,
      seed: 7,
      presencePenalty: 0.5,
      frequencyPenalty: -0.5,
      repetitionPenalty: 1.2,
      logitBias: [[7, -100]],
      topLogprobs: 2,
      tools: [expect.objectContaining({ name: 'weather', description: 'Tells the weather.' })],
      toolChoice: 'none',
      parallelToolCalls: false,
      thinking: true,
      thinkingBudget: 5,
      templateVariables: { date: 'today' },
      truncate: true,
      cachePrompt: false,
      priority: 'background',
    })
    expect(own).toEqual(before)
  })

  it('stops before a stop sequence', async () => {
    const { languageModel } = scriptedModel(saying('one EN', 'D two'))
    const { text, finishReason } = await generateText({ model: languageModel, prompt: 'x', stopSequences: ['END'] })
    expect({ text, finishReason }).toEqual({ text: 'one ', finishReason: 'stop' })
  })

  it('tells the chances of tokens', async () => {
    const bytes = [120]
    const top = [{ text: 'x', bytes, logprob: -0.5 }]
    const { languageModel } = scriptedModel(
      saying({ type: 'content', text: 'x', logprobs: [{ text: 'x', bytes, logprob: -0.5, top }] }),
    )
    const options = {
      model: languageModel,
      prompt: 'x',
      providerOptions: { sampan: { logprobs: true, topLogprobs: 1 } },
    }
    const logprobs = [{ token: 'x', bytes, logprob: -0.5, topLogprobs: [{ token: 'x', bytes, logprob: -0.5 }] }]
    expect((await generateText(options)).providerMetadata).toMatchObject({ sampan: { logprobs } })
    expect(await streamText(options).providerMetadata).toMatchObject({ sampan: { logprobs } })
  })
})

describe('streamText', () => {
  it('gives thoughts, text and inputs of tools in pieces and in order', async () => {
    const { languageModel } = scriptedModel(
      saying(
        { type: 'reasoning', text: 'hm' },
        { type: 'reasoning', text: '!' },
        'Let me ',
        'see',
        { type: 'tool-call', index: 0, id: 'a', name: 'weather' },
        { type: 'tool-arguments', index: 0, text: '{"city":' },
        { type: 'tool-arguments', index: 0, text: '"Kyoto"}' },
      ),
    )
    const { fullStream } = streamText({
      model: languageModel,
      prompt: 'x',
      tools,
    })
    const seen: string[] = []
    for await (const part of fullStream) {
      if ('text' in part) seen.push(`${part.type} ${part.text}`)
      else if (part.type === 'tool-input-delta') seen.push(`${part.type} ${part.delta}`)
      else if (part.type === 'tool-call') seen.push(`${part.type} ${JSON.stringify(part.input)}`)
      else seen.push(part.type)
    }
    expect(seen).toEqual([
      'start',
      'start-step',
      'reasoning-start',
      'reasoning-delta hm',
      'reasoning-delta !',
      'reasoning-end',
      'text-start',
      'text-delta Let me ',
      'text-delta see',
      'text-end',
      'tool-input-start',
      'tool-input-delta {"city":',
      'tool-input-delta "Kyoto"}',
      'tool-input-end',
      'tool-call {"city":"Kyoto"}',
      'finish-step',
      'finish',
    ])
  })

  it('tells usage, finish reason and metadata as generateText does', async () => {
    const script: Script = async (request, output, index) => ({
      ...(await saying('Hello')(request, output, index)),
      reason: 'length',
      cachedTokens: 1,
      reasoningTokens: 0,
    })
    const { languageModel } = scriptedModel(script)
    const whole = await generateText({ model: languageModel, prompt: 'x' })
    const streamed = streamText({ model: languageModel, prompt: 'x' })
    expect(await streamed.text).toBe(whole.text)
    expect(await streamed.usage).toEqual(whole.usage)
    expect(await streamed.finishReason).toBe('length')
    expect(whole.finishReason).toBe('length')
    expect(await streamed.providerMetadata).toEqual(whole.providerMetadata)
  })

  it('makes the answer no faster than it is read, and leaving it stops the model', async () => {
    const { languageModel, source } = scriptedModel(endless)
    const { stream } = await languageModel.doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
    })
    const reader = stream.getReader()
    for (let part = await reader.read(); part.value?.type !== 'text-delta'; part = await reader.read())
      expect(part.done).toBe(false)
    expect(source.running).toBe(1)
    await reader.cancel()
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it.each([undefined, 'a reason of one’s own'])('an abort stops the model (reason: %s)', async (reason) => {
    const { languageModel, source } = scriptedModel(endless)
    const controller = new AbortController()
    const { fullStream } = streamText({ model: languageModel, prompt: 'x', abortSignal: controller.signal })
    const seen = new Set<string>()
    for await (const part of fullStream) {
      seen.add(part.type)
      if (part.type === 'text-delta') controller.abort(reason)
    }
    expect(seen).toContain('abort')
    expect(seen).not.toContain('error')
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it('gives raw chunks where they are asked for', async () => {
    const { languageModel } = scriptedModel(saying('x'))
    const seen: unknown[] = []
    for await (const part of streamText({ model: languageModel, prompt: 'x', include: { rawChunks: true } }).fullStream)
      if (part.type === 'raw') seen.push(part.rawValue)
    expect(seen).toContainEqual(expect.objectContaining({ object: 'chat.completion.chunk' }))
  })
})

describe('createSampan', () => {
  it('is a provider whose model answers whatever it is called', async () => {
    const { model } = scriptedModel(saying('x'))
    const provider = createSampan(model)
    const registry = createProviderRegistry({ local: provider })
    for (const languageModel of [provider('gpt-5'), provider.languageModel('any'), registry.languageModel('local:any')])
      expect((await generateText({ model: languageModel, prompt: 'x' })).text).toBe('x')
    expect(() => provider.embeddingModel('any')).toThrow(expect.objectContaining({ code: 'request-unsupported' }))
    expect(() => provider.imageModel('any')).toThrow(expect.objectContaining({ code: 'request-unsupported' }))
  })
})
