import { describe, expect, it, vi } from 'vitest'
import type { AnswerPart, BackendModel, GenerationOutput } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { AnswerLine } from './answer-line.ts'
import { AnswerReceiver } from './answer-receiver.ts'
import { STREAM_CREDITS } from './protocol.ts'
import { runGeneration } from './run-generation.ts'

const content = (text: string): AnswerPart => ({ type: 'content', text })

/** A backend that answers with what the test says, and tells what became of it. */
function answering(answer: (output: GenerationOutput) => Promise<'stop' | 'length'>): BackendModel & { calls: number } {
  return {
    calls: 0,
    info: { backend: 'sampan', source: 'test', contextLength: 8, bytes: 0 },
    lost: new Promise(() => {}),
    async generate(_request, output) {
      this.calls++
      return { reason: await answer(output), promptTokens: 3, completionTokens: 2 }
    },
    counters: () => undefined,
    ledger: () => undefined,
    dispose: () => Promise.resolve(),
  }
}

function start(
  answer: (output: GenerationOutput) => Promise<'stop' | 'length'>,
  stop: readonly string[] = [],
  line = new AnswerLine(),
): { receiver: AnswerReceiver; accepted: Promise<void> } {
  const { port1, port2 } = new MessageChannel()
  const receiver = new AnswerReceiver(port1)
  return { receiver, accepted: runGeneration(answering(answer), { messages: [] }, stop, port2, line) }
}

async function readAll(receiver: AnswerReceiver): Promise<{ texts: string[]; end: unknown }> {
  const texts: string[] = []
  for (;;) {
    const part = await receiver.next()
    if (!part) return { texts, end: undefined }
    if (part.type === 'end') return { texts, end: part.end }
    if (part.part.type === 'content') texts.push(part.part.text)
  }
}

describe('an answer over its port', () => {
  it('arrives in order and whole, then ends', async () => {
    const words = Array.from({ length: 1000 }, (_, index) => `${index} `)
    const { receiver } = start(async ({ accepted, part }) => {
      accepted()
      for (const word of words) await part(content(word))
      return 'length'
    })
    const { texts, end } = await readAll(receiver)
    expect(texts).toEqual(words)
    expect(end).toEqual({ reason: 'length', promptTokens: 3, completionTokens: 2 })
  })

  it('waits for a page that does not read, and goes on when it does', async () => {
    let pushed = 0
    const { receiver, accepted } = start(async ({ accepted, part }) => {
      accepted()
      for (; pushed < 5000; pushed++) await part(content('x'))
      return 'stop'
    })
    await accepted
    const bound = (STREAM_CREDITS + 1) * 256 + 256
    await vi.waitFor(() => expect(pushed).toBeGreaterThan(256))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(pushed).toBeLessThan(bound)
    expect((await readAll(receiver)).texts.length).toBe(5000)
  })

  it('goes on without a reader while another answer waits for its end', async () => {
    const line = new AnswerLine()
    let pushed = 0
    const pushing = async ({ accepted, part }: GenerationOutput): Promise<'stop'> => {
      accepted()
      for (; pushed < 5000; pushed++) await part(content('x'))
      return 'stop'
    }
    const first = start(pushing, [], line)
    await vi.waitFor(() => expect(pushed).toBeGreaterThan(256))
    expect(pushed).toBeLessThan(5000)
    const second = start(
      async ({ accepted }) => {
        await vi.waitFor(() => expect(pushed).toBe(5000))
        accepted()
        return 'stop'
      },
      [],
      line,
    )
    expect((await readAll(second.receiver)).texts).toEqual([])
    expect((await readAll(first.receiver)).texts.length).toBe(5000)
    // Alone again, an answer waits again.
    pushed = 0
    const third = start(pushing, [], line)
    await vi.waitFor(() => expect(pushed).toBeGreaterThan(256))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(pushed).toBeLessThan(5000)
    third.receiver.cancel()
  })

  it('is never begun for a request that gives up its place, and the one before it waits for its reader again', async () => {
    const line = new AnswerLine()
    let pushed = 0
    let go = (): void => {}
    const first = start(
      async ({ accepted, part }) => {
        accepted()
        await new Promise<void>((resolve) => {
          go = resolve
        })
        for (; pushed < 5000; pushed++) await part(content('x'))
        return 'stop'
      },
      [],
      line,
    )
    await first.accepted
    const begun = vi.fn(async () => 'stop' as const)
    const second = start(begun, [], line)
    second.receiver.cancel()
    await expect(second.accepted).rejects.toMatchObject({ name: 'AbortError' })
    go()
    await vi.waitFor(() => expect(pushed).toBeGreaterThan(256))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(pushed).toBeLessThan(5000)
    expect((await readAll(first.receiver)).texts.length).toBe(5000)
    expect(begun).not.toHaveBeenCalled()
  })

  it('ends as stopped at a stop string, and tells the backend that it is enough', async () => {
    const wanted: boolean[] = []
    const { receiver } = start(
      async ({ accepted, part }) => {
        accepted()
        for (const piece of ['one', ' #', '# two', ' three']) wanted.push(await part(content(piece)))
        return 'length'
      },
      ['##'],
    )
    expect(await readAll(receiver)).toEqual({
      texts: ['one', ' '],
      end: { reason: 'stop', promptTokens: 3, completionTokens: 2 },
    })
    expect(wanted).toEqual([true, true, false, false])
  })

  it('sends what was held back when the answer ends without the stop string', async () => {
    const { receiver } = start(
      async ({ accepted, part }) => {
        accepted()
        await part(content('one #'))
        return 'stop'
      },
      ['##'],
    )
    expect((await readAll(receiver)).texts).toEqual(['one ', '#'])
  })

  it('rejects the acceptance for what fails before it, the reader for what fails after', async () => {
    const before = start(() => Promise.reject(new SampanError('context-length-exceeded', 'too long')))
    await expect(before.accepted).rejects.toMatchObject({ code: 'context-length-exceeded' })
    const after = start(async ({ accepted, part }) => {
      accepted()
      await part(content('one'))
      throw new SampanError('device-lost', 'gone')
    })
    await after.accepted
    expect(await after.receiver.next()).toEqual({ type: 'part', part: { type: 'content', text: 'one' } })
    await expect(after.receiver.next()).rejects.toMatchObject({ code: 'device-lost' })
  })

  it('aborts the backend when the reader leaves, also while it waits for room', async () => {
    const [aborted, ended] = [vi.fn(), vi.fn()]
    const { receiver, accepted } = start(async ({ accepted, signal, part }) => {
      accepted()
      signal.addEventListener('abort', aborted)
      while (!signal.aborted) await part(content('x'))
      // A backend that is slow to notice is not to hang.
      for (let late = 0; late < 1000; late++) await part(content('x'))
      ended()
      throw signal.reason
    })
    await accepted
    await receiver.next()
    receiver.cancel()
    await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce())
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce())
  })

  it('gives nothing more once it was cancelled, also to a call that waits', async () => {
    const { receiver } = start(({ accepted }) => {
      accepted()
      return new Promise(() => {})
    })
    const next = receiver.next()
    receiver.cancel()
    expect(await next).toBeUndefined()
    expect(await receiver.next()).toBeUndefined()
  })

  it('rejects the reader at once with the reason it is given', async () => {
    const { receiver } = start(({ accepted }) => {
      accepted()
      return new Promise(() => {})
    })
    const reason = new DOMException('enough', 'AbortError')
    const next = receiver.next()
    receiver.fail(reason)
    await expect(next).rejects.toBe(reason)
    await expect(receiver.next()).rejects.toBe(reason)
    await expect(receiver.failed).rejects.toBe(reason)
  })
})
