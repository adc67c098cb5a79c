import { generateText, streamText } from 'ai'
import { describe, expect, it, vi } from 'vitest'
import { SampanError } from '../errors.ts'
import { scriptedModel } from '../test-support/scripted-model.ts'
import { endless, type Script, saying } from '../test-support/scripted-source.ts'

const failing =
  (error: Error, ...parts: readonly string[]): Script =>
  async (_request, output) => {
    output.accepted()
    for (const text of parts) await output.part({ type: 'content', text })
    throw error
  }

describe('what cannot be honoured', () => {
  it('is warned of where an answer can do without', async () => {
    const { languageModel } = scriptedModel(saying('{}'))
    const { warnings } = await languageModel.doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
      tools: [
        { type: 'provider', id: 'other.search', name: 'search', args: {} },
        { type: 'function', name: 'f', inputSchema: { type: 'object' }, inputExamples: [{ input: {} }] },
      ],
      responseFormat: { type: 'json', description: 'A person.' },
    })
    expect(warnings.map((warning) => ('feature' in warning ? warning.feature : warning))).toEqual([
      'tool other.search',
      'inputExamples of the tool f',
      'responseFormat.description',
    ])
  })

  it.each([
    ['a setting out of bounds', { temperature: 9 }, 'request-invalid', 'temperature'],
    [
      'an option that there is not',
      { providerOptions: { sampan: { mirostat: 2 } } },
      'request-unsupported',
      'mirostat',
    ],
    ['an option of the wrong type', { providerOptions: { sampan: { minP: '0.1' } } }, 'request-invalid', 'minP'],
    ['an option out of bounds', { providerOptions: { sampan: { minP: 2 } } }, 'request-invalid', 'min_p'],
    [
      'thoughts on and off at once',
      { reasoning: 'none', providerOptions: { sampan: { thinking: true } } } as const,
      'request-invalid',
      'contradict',
    ],
  ])('%s is an error at once', async (_name, settings, code, message) => {
    const { languageModel, source } = scriptedModel(saying('x'))
    const failure = generateText({ model: languageModel, prompt: 'x', ...settings })
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    expect(source.requests).toHaveLength(0)
  })

  it('a file in the prompt is an error, and is not fetched before', async () => {
    const fetching = vi.spyOn(globalThis, 'fetch')
    const { languageModel, source } = scriptedModel(saying('x'))
    for (const data of [new URL('https://sampan.invalid/cat.png'), new Uint8Array([1, 2, 3])]) {
      const content = [{ type: 'file', data, mediaType: 'image/png' } as const]
      const failure = generateText({ model: languageModel, messages: [{ role: 'user', content }] })
      await expect(failure).rejects.toMatchObject({
        code: 'request-unsupported',
        message: expect.stringMatching(/prompt\[0\]\.content\[0\].*image\/png/),
      })
    }
    expect(fetching).not.toHaveBeenCalled()
    fetching.mockRestore()
    expect(source.requests).toHaveLength(0)
  })
})

describe('errors', () => {
  const lost = new SampanError('device-lost', 'The GPU is gone.')

  it('are Sampan’s own, and `ai` does not try again', async () => {
    const { languageModel, source } = scriptedModel(failing(lost))
    const failure = generateText({ model: languageModel, prompt: 'x' })
    await expect(failure).rejects.toSatisfy((error) => SampanError.isInstance(error) && error.code === 'device-lost')
    expect(source.requests).toHaveLength(1)
  })

  it('in the middle of a stream are a part of it, and what was said before stays', async () => {
    const { languageModel, source } = scriptedModel(failing(lost, 'Hel'))
    const seen: unknown[] = []
    const { fullStream } = streamText({ model: languageModel, prompt: 'x', onError: () => {} })
    for await (const part of fullStream) {
      if (part.type === 'text-delta') seen.push(part.text)
      if (part.type === 'error') seen.push(SampanError.isInstance(part.error) && part.error.code)
    }
    expect(seen).toEqual(['Hel', 'device-lost'])
    expect(source.requests).toHaveLength(1)
  })

  it('an abort rejects with its reason', async () => {
    const { languageModel, source } = scriptedModel(endless)
    const controller = new AbortController()
    const answer = generateText({ model: languageModel, prompt: 'x', abortSignal: controller.signal })
    await vi.waitFor(() => expect(source.running).toBe(1))
    controller.abort()
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    await vi.waitFor(() => expect(source.running).toBe(0))
  })
})
