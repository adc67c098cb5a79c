import { readFileSync } from 'node:fs'
import { bytesSource, type Engine, type GenerateOptions, openGguf } from '@sampan/engine'
import { expect, it } from 'vitest'
import { openConversation } from './open-conversation.ts'
import { SampanModel } from './sampan-model.ts'

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))
const nothing = { weights: 0, keyValue: 0, activations: 0, state: 0, staging: 0, total: 0 }

it('is disposed of though the reader of an answer has stopped reading', async () => {
  const checkpoint = await openGguf(bytesSource(Uint8Array.from(tiny), 'tiny.gguf'))
  let disposed = false
  // Node has no GPU: an engine that gives one token for ever.
  const engine: Omit<Engine, `${string}Adapter` | `${string}Adapters`> = {
    config: checkpoint.config,
    adapter: { vendor: '', architecture: '', description: '', software: false, features: [] },
    contextLength: 512,
    tokenBytes: { weights: 1, keyValue: 1 },
    lost: new Promise(() => {}),
    counters: () => Object({}),
    ledger: () => nothing,
    async *generate(_prompt: readonly number[], { signal }: GenerateOptions) {
      while (!signal?.aborted) yield 40
    },
    score: async () => {},
    dispose: async () => {
      disposed = true
    },
  }
  const about = { backend: 'sampan', source: 'tiny', bytes: 0 } as const
  const model = new SampanModel(engine, openConversation(checkpoint, {}, 'tiny'), about)
  const signal = new AbortController().signal
  const request = { messages: [{ role: 'user', content: 'Hello' }] } as const
  let read = (): void => {}
  const waiting = new Promise<void>((resolve) => {
    read = resolve
  })
  const part = (): Promise<boolean> => {
    read()
    return new Promise(() => {})
  }
  const answer = model.generate(request, { signal, accepted: () => {}, part }).catch((error: unknown) => error)
  await waiting
  await model.dispose()
  expect(disposed).toBe(true)
  expect(await answer).toMatchObject({ code: 'model-disposed' })
})
