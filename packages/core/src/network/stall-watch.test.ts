import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StallWatch } from './stall-watch.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

function watch(): { readonly watch: StallWatch; readonly stalls: boolean[] } {
  const stalls: boolean[] = []
  return { watch: new StallWatch(30_000, (slept) => stalls.push(slept)), stalls }
}

const never = new Promise<never>(() => {})

describe('StallWatch', () => {
  it('notices what does not come in time, while it is waited for', () => {
    const { watch: watched, stalls } = watch()
    vi.advanceTimersByTime(100_000)
    expect(stalls).toEqual([])
    void watched.during(never)
    vi.advanceTimersByTime(29_000)
    expect(stalls).toEqual([])
    vi.advanceTimersByTime(1_000)
    expect(stalls).toEqual([false])
    watched.stop()
    vi.advanceTimersByTime(100_000)
    expect(stalls).toEqual([false])
  })

  it('counts anew for each wait', async () => {
    const { watch: watched, stalls } = watch()
    for (let wait = 0; wait < 4; wait++) {
      const waiting = watched.during(new Promise((resolve) => setTimeout(resolve, 20_000)))
      await vi.advanceTimersByTimeAsync(20_000)
      await waiting
    }
    expect(stalls).toEqual([])
    watched.stop()
  })

  it('gives a connection some seconds after a sleep, and tells a sleep from a stall', () => {
    const { watch: watched, stalls } = watch()
    void watched.during(never)
    vi.advanceTimersByTime(2_000)
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(4_000)
    expect(stalls).toEqual([])
    vi.advanceTimersByTime(1_000)
    expect(stalls).toEqual([true])
    watched.stop()
  })

  it('does not take a busy thread for a server that stalls', () => {
    const { watch: watched, stalls } = watch()
    void watched.during(never)
    for (let tick = 0; tick < 10; tick++) {
      vi.advanceTimersByTime(1_000)
      vi.setSystemTime(Date.now() + 9_000)
    }
    expect(stalls).toEqual([])
    watched.stop()
  })
})
