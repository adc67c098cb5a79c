import { generateText, streamText } from 'ai'
import { describe, expect, it } from 'vitest'
import type { ChatCompletion, ChatCompletionChunk } from '../chat/chat-types.ts'
import { Completions } from '../chat/completions.ts'
import { conversation } from '../test-support/ask-tokens.ts'
import { ScriptedSource, saying } from '../test-support/scripted-source.ts'
import { hi as messages, seededModel, throughJson } from '../test-support/seeded-model.ts'
import type { AnswerRecord } from './record-types.ts'

const { ask, completions, engine, fetch, recordOf, replay } = seededModel()

describe('a record', () => {
  it('holds all that the answer was made from and of', async () => {
    const reply = await ask({ stop: ['never so'], frequency_penalty: 0.5, logit_bias: { 7: -3 } })
    const record = throughJson(reply.record)
    expect(record).toEqual(reply.record)
    expect(record).toMatchObject({
      format: 'sampan-answer-1',
      model: { source: 'pocket', hash: 'hash-1' },
      engine: { backend: 'sampan', fingerprint: 'fp-1' },
      request: { messages },
      prompt: { cachedTokens: 0, rendered: true },
      sampling: {
        frequencyPenalty: 0.5,
        presencePenalty: 0,
        repetitionPenalty: 1,
        logitBias: [[7, -3]],
        maxTokens: 40,
        stop: ['never so'],
        stopTokens: conversation.tokenizer.endTokenIds,
        cachePrompt: false,
      },
      answer: { finish: reply.choices[0]?.finish_reason },
    })
    const { prompt, answer, sampling } = record
    expect(prompt.tokens).toEqual(engine.prompts.at(-1))
    expect(prompt.tokens).toHaveLength(reply.usage.prompt_tokens)
    expect(answer.tokens).toHaveLength(reply.usage.completion_tokens)
    expect(answer.logprobs).toHaveLength(answer.tokens.length)
    for (const logprob of answer.logprobs) expect(logprob).toBeLessThan(0)
    for (const hash of [prompt.template, prompt.text]) expect(hash).toMatch(/^[0-9a-f]{64}$/)
    const { temperature, topP, topK, minP, seed } = sampling
    expect(engine.seen.at(-1)).toMatchObject({ temperature, topP, topK, minP, seed, cachePrompt: false })
    expect(Math.abs(Date.parse(record.made) - Date.now())).toBeLessThan(60_000)
  })

  it('is not there unasked', async () => {
    expect(await completions.create({ messages, max_tokens: 2 })).not.toHaveProperty('record')
    expect(engine.seen.at(-1)).not.toHaveProperty('logprobs')
  })

  it('has a seed of its own where the request has none, and the cache where the request wants it', async () => {
    const seeds = [await recordOf(), await recordOf()].map(({ sampling }) => sampling.seed)
    expect(new Set(seeds).size).toBe(2)
    expect((await recordOf({ seed: 12 })).sampling.seed).toBe(12)
    expect(await recordOf({ cache_prompt: true })).toMatchObject({
      sampling: { cachePrompt: true },
      prompt: { cachedTokens: 2 },
    })
  })

  it('does not change the answer, nor its logprobs', async () => {
    const request = { messages, max_tokens: 30, seed: 3, cache_prompt: false, logprobs: true } as const
    const [plain, recorded] = [
      await completions.create(request),
      await completions.create({ ...request, record: true }),
    ]
    expect(recorded.choices).toEqual(plain.choices)
  })

  it('is one for each choice', async () => {
    const reply = await ask({ n: 2, seed: 4 })
    expect(reply).not.toHaveProperty('record')
    const records = reply.choices.map(({ record }) => throughJson(record))
    expect(records.map(({ sampling }) => sampling.seed)).toEqual([4, 5])
    for (const record of records) expect(await replay(record)).toMatchObject({ same: true })
  })

  it('comes in the chunk with the reason, also over fetch', async () => {
    const request = { messages, max_tokens: 20, seed: 5, n: 2, record: true } as const
    const whole = await completions.create(request)
    const chunks: ChatCompletionChunk[] = []
    for await (const chunk of await completions.create({ ...request, stream: true })) chunks.push(chunk)
    const withRecord = chunks.filter(({ record }) => record)
    expect(withRecord.map(({ choices }) => choices[0]?.finish_reason)).toEqual(['length', 'length'])
    const timeless = (record: AnswerRecord | undefined): object => ({ ...record, made: '' })
    expect(withRecord.map(({ record }) => timeless(record))).toEqual(
      whole.choices.map(({ record }) => timeless(record)),
    )
    const post = async (body: object): Promise<string> => {
      const init = { method: 'POST', body: JSON.stringify(body) }
      return (await fetch('/v1/chat/completions', init)).text()
    }
    const json: ChatCompletion = JSON.parse(await post(request))
    expect(timeless(json.choices[1]?.record)).toEqual(timeless(whole.choices[1]?.record))
    const events = await post({ ...request, stream: true })
    expect(events.match(/"record":/g)).toHaveLength(2)
  })

  it('comes through the AI SDK, whole and streamed', async () => {
    const { languageModel, replay } = seededModel()
    const request = { model: languageModel, prompt: 'Hi', providerOptions: { sampan: { record: true } } }
    const whole = await generateText({ ...request, maxOutputTokens: 8 })
    const stream = streamText({ ...request, maxOutputTokens: 8 })
    await stream.consumeStream()
    for (const metadata of [whole.providerMetadata, await stream.providerMetadata])
      expect(await replay(metadata?.['sampan']?.['record'])).toMatchObject({ same: true, tokens: 8 })
  })

  it('is not there for an answer that was left or aborted', async () => {
    const stream = await completions.create({ messages, max_tokens: 40, record: true, stream: true })
    for await (const chunk of stream) {
      expect(chunk).not.toHaveProperty('record')
      if (chunk.choices[0]?.delta.content) break
    }
    const controller = new AbortController()
    const answer = completions.create({ messages, record: true }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
  })

  it('is an error where the backend gives none', async () => {
    const source = new ScriptedSource(saying('Hello'))
    await expect(new Completions(source, source.info).create({ messages, record: true })).rejects.toMatchObject({
      code: 'request-unsupported',
      details: { field: 'record' },
    })
  })
})
