import type { Page } from 'playwright'
import type { Model } from '../load/model.ts'
import { closeWorkers, destroyDevices } from './live-model.ts'

/** Where an answer is when it is ended. */
export type AnswerState = 'waiting' | 'prefill' | 'decode' | 'paused' | 'rebuilding' | 'dead'
/** How a program ends it. */
export type Ending = 'break' | 'return' | 'throw' | 'abort' | 'dispose'

/** Brings an answer of the page's `model` to `state`, ends it there, and gives back what the program saw: a code, a message or `left`. */
export async function endAnswer(page: Page, state: AnswerState, ending: Ending): Promise<string> {
  const ended = page.evaluate(
    async ({ state, ending }) => {
      const { model, events }: { model: Model; events: string[] } = Object(globalThis)
      const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
      const what = (error: unknown): string => Object(error).code ?? Object(error).message
      const controller = new AbortController()
      const { signal } = controller
      const song = { messages: [{ role: 'user', content: 'Sing' } as const], max_tokens: 480, temperature: 0 }
      const prompt = { messages: [{ role: 'user', content: 'boat '.repeat(100) } as const], max_tokens: 100 }
      const stop = async (): Promise<void> => {
        if (ending === 'abort') controller.abort(new Error('aborted'))
        if (ending === 'dispose') await model.dispose()
      }
      if (state === 'waiting') {
        const before = await model.chat.completions.create({ ...song, stream: true })
        const waiting = model.chat.completions.create(song, { signal }).then(() => 'answered', what)
        await pause(20)
        await stop()
        before.controller.abort()
        return waiting
      }
      const request = state === 'prefill' ? { ...prompt, cache_prompt: false } : song
      const stream = await model.chat.completions.create({ ...request, stream: true }, { signal })
      const parts = stream[Symbol.asyncIterator]()
      if (state !== 'prefill') for (let chunk = 0; chunk < 3; chunk++) await parts.next()
      if (state === 'paused') await pause(300)
      if (state === 'rebuilding' || state === 'dead') {
        Object.assign(globalThis, { ready: true })
        while (events.length === 0) await pause(1)
      }
      if (ending === 'break' || ending === 'throw') {
        try {
          for await (const _ of { [Symbol.asyncIterator]: () => parts }) {
            if (ending === 'break') break
            throw new Error('thrown')
          }
        } catch (error) {
          return what(error)
        }
        return 'left'
      }
      if (ending === 'return') {
        const next = parts.next().catch(what)
        await parts.return?.()
        await next
        return 'left'
      }
      const reading = (async () => {
        while (!(await parts.next()).done);
        return 'whole'
      })().catch(what)
      await stop()
      return reading
    },
    { state, ending },
  )
  if (state === 'rebuilding' || state === 'dead') {
    await page.waitForFunction('globalThis.ready')
    await page.evaluate('globalThis.ready = false')
    await (state === 'dead' ? closeWorkers(page) : destroyDevices(page))
  }
  return ended
}
