import { describe, expect, it } from 'vitest'
import { type EndTurn, FairQueue } from './fair-queue.ts'

/** A queue whose turns end when the test says so, and the order in which they began. */
class Desk {
  readonly queue = new FairQueue()
  readonly served: string[] = []
  readonly #ends: EndTurn[] = []

  /** `name`: the queue's name is all before the digit. */
  async ask(name: string, { priority, signal }: { priority?: 'background'; signal?: AbortSignal } = {}): Promise<void> {
    const place = { queue: name.replace(/\d+$/, ''), ...(priority && { priority }) }
    this.#ends.push(await this.queue.enter(place, signal ?? new AbortController().signal))
    this.served.push(name)
  }

  async end(): Promise<void> {
    this.#ends.pop()?.()
    await settled()
  }

  async endAll(): Promise<readonly string[]> {
    await settled()
    while (this.#ends.length > 0) await this.end()
    return this.served
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('a fair queue', () => {
  it('serves one at a time, in order within a queue, and queues in turns', async () => {
    const desk = new Desk()
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) desk.ask(name)
    await settled()
    expect(desk.served).toEqual(['a1'])
    expect(await desk.endAll()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
  })

  it('lets a queue that comes new not wait for all of another, nor a queue that comes back go first', async () => {
    const desk = new Desk()
    for (const name of ['a1', 'a2', 'a3']) desk.ask(name)
    await settled()
    await desk.end()
    desk.ask('b1')
    desk.ask('c1')
    await desk.end()
    desk.ask('b2')
    expect(await desk.endAll()).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2'])
  })

  it('has one queue for all without a name', async () => {
    const { served, queue } = new Desk()
    const { signal } = new AbortController()
    const order = async (name: string, place: { queue?: string }): Promise<void> => {
      const end = await queue.enter(place, signal)
      served.push(name)
      end()
    }
    const hold = await queue.enter({}, signal)
    const asked = [order('1', {}), order('2', {}), order('other', { queue: 'other' })]
    hold()
    await Promise.all(asked)
    expect(served).toEqual(['other', '1', '2'])
  })

  it('serves the background when no other waits, in turns, too', async () => {
    const desk = new Desk()
    desk.ask('a1')
    for (const name of ['x1', 'x2', 'y1']) desk.ask(name, { priority: 'background' })
    for (const name of ['a2', 'b1']) desk.ask(name)
    await settled()
    for (let turn = 0; turn < 3; turn++) await desk.end()
    expect(desk.served).toEqual(['a1', 'b1', 'a2', 'x1'])
    desk.ask('c1')
    expect(await desk.endAll()).toEqual(['a1', 'b1', 'a2', 'x1', 'c1', 'y1', 'x2'])
  })

  it('lets who is aborted go at once, from every place', async () => {
    const desk = new Desk()
    const reason = new Error('enough')
    const gone = new AbortController()
    const aborted = ['a2', 'b1', 'b3'].map((name) => {
      if (name === 'a2') desk.ask('a1')
      return desk.ask(name, { signal: gone.signal }).catch((error: unknown) => error)
    })
    desk.ask('b2')
    desk.ask('a3')
    gone.abort(reason)
    expect(await Promise.all(aborted)).toEqual([reason, reason, reason])
    expect(desk.served).toEqual(['a1'])
    await expect(desk.ask('c1', { signal: gone.signal })).rejects.toBe(reason)
    expect(await desk.endAll()).toEqual(['a1', 'b2', 'a3'])
  })

  it('takes an abort or a second end after the turn for nothing', async () => {
    const queue = new FairQueue()
    const controller = new AbortController()
    const first = await queue.enter({}, controller.signal)
    let served = 0
    const ask = async (): Promise<void> => {
      await queue.enter({}, new AbortController().signal)
      served++
    }
    ask()
    ask()
    controller.abort()
    await settled()
    expect(served).toBe(0)
    first()
    first()
    await settled()
    expect(served).toBe(1)
  })
})
