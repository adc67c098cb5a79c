import type { ChatCompletionChunk } from '@mlc-ai/web-llm'
import type { GenerationOutput } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import { type LoadedMlcEngine, WebLlmModel } from './web-llm-model.ts'

/** web-llm's engine needs a compiled model; this one talks until it is interrupted. */
class TalkingEngine implements LoadedMlcEngine {
  readonly chat = { completions: { create: async () => this.#talk() } }
  unloaded = false
  resets = 0
  #interrupted = false

  interruptGenerate(): void {
    this.#interrupted = true
  }

  async resetChat(): Promise<void> {
    this.resets++
  }

  async unload(): Promise<void> {
    this.unloaded = true
  }

  async *#talk(): AsyncGenerator<ChatCompletionChunk> {
    this.#interrupted = false
    const head = { id: 'x', object: 'chat.completion.chunk', created: 0, model: 'x' } as const
    while (!this.#interrupted)
      yield { ...head, choices: [{ index: 0, delta: { content: 'x' }, finish_reason: null, logprobs: null }] }
    yield { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'abort', logprobs: null }] }
  }
}

function open(): { engine: TalkingEngine; model: WebLlmModel } {
  const engine = new TalkingEngine()
  const adapter = { vendor: '', architecture: '', description: '', software: false, features: [] }
  const record = { model: 'http://x/', model_id: 'x', model_lib: 'x' }
  return { engine, model: new WebLlmModel(engine, record, adapter, undefined, 0, 64) }
}

/** An answer whose reader has stopped reading. */
function unread(signal: AbortSignal = new AbortController().signal): {
  output: GenerationOutput
  waits: Promise<void>
} {
  let resolve = (): void => {}
  const waits = new Promise<void>((resolveWaits) => {
    resolve = resolveWaits
  })
  const part = (): Promise<boolean> => {
    resolve()
    return new Promise(() => {})
  }
  return { output: { signal, accepted: () => {}, part }, waits }
}

describe('an answer that nobody reads', () => {
  it('does not hold up disposing', async () => {
    const { engine, model } = open()
    const { output, waits } = unread()
    const answer = model.generate({ messages: [] }, output)
    answer.catch(() => {})
    const queued = model.generate({ messages: [] }, unread().output)
    queued.catch(() => {})
    await waits
    await model.dispose()
    expect(engine.unloaded).toBe(true)
    await expect(answer).rejects.toMatchObject({ code: 'model-disposed' })
    await expect(queued).rejects.toMatchObject({ code: 'model-disposed' })
  })

  it('ends when it is aborted, and the next is answered', async () => {
    const { model } = open()
    const controller = new AbortController()
    const { output, waits } = unread(controller.signal)
    const answer = model.generate({ messages: [] }, output)
    answer.catch(() => {})
    await waits
    controller.abort(new DOMException('enough', 'AbortError'))
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    const next = { signal: new AbortController().signal, accepted: () => {}, part: async () => false }
    expect(await model.generate({ messages: [] }, next)).toMatchObject({ reason: 'stop' })
  })
})

describe('a request', () => {
  it('empties the cache only where it is to be run again', async () => {
    const { engine, model } = open()
    const output = { signal: new AbortController().signal, accepted: () => {}, part: async () => false }
    await model.generate({ messages: [] }, output)
    await model.generate({ messages: [], cachePrompt: true }, output)
    expect(engine.resets).toBe(0)
    await model.generate({ messages: [], cachePrompt: false }, output)
    expect(engine.resets).toBe(1)
  })

  it('that cannot be honoured is refused before anything is accepted', async () => {
    const { engine, model } = open()
    let accepted = 0
    const output = { signal: new AbortController().signal, accepted: () => void accepted++, part: async () => false }
    const asked = model.generate({ messages: [], cachePrompt: false, topK: 5 }, output)
    await expect(asked).rejects.toMatchObject({ code: 'request-unsupported', details: { field: 'top_k' } })
    expect([accepted, engine.resets]).toEqual([0, 0])
  })
})
