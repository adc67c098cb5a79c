import { afterEach, describe, expect, it, vi } from 'vitest'
import { SampanError } from '../errors.ts'
import { LASTING } from './patience.ts'
import { type FailureKind, TransientFailure } from './transient-failure.ts'
import { type RetryOptions, withRetries } from './with-retries.ts'

const outcome = new SampanError('network-failed', 'cut')

/** Runs with faked time, and tells when the attempts were made, in milliseconds. */
async function attemptsAt(
  failures: readonly (readonly [FailureKind, number?])[],
  options: RetryOptions,
  progress: (attempt: number) => number = () => 0,
): Promise<{ readonly times: number[]; readonly result: unknown }> {
  vi.useFakeTimers({ now: 0 })
  const times: number[] = []
  const done = withRetries(
    async () => {
      const failure = failures[times.length]
      times.push(Date.now())
      if (failure) throw new TransientFailure(outcome, ...failure)
      return 'done'
    },
    () => progress(times.length),
    options,
  ).catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  return { times, result: await done }
}

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('withRetries', () => {
  it('waits a random part of a pause that doubles, up to the longest', async () => {
    const failed = Array.from({ length: 9 }, () => ['failed'] as const)
    const { times, result } = await attemptsAt(failed, { patience: LASTING, random: () => 0.5 })
    expect(result).toBe('done')
    const pauses = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)))
    expect(pauses).toEqual([125, 250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000])
    const early = await attemptsAt(failed, { patience: LASTING, random: () => 0 })
    expect(early.times.at(-1)).toBeLessThan(20)
  })

  it('waits longer after what is no answer to the question, and never only a moment', async () => {
    const unfit = Array.from({ length: 3 }, () => ['unfit'] as const)
    const { times } = await attemptsAt(unfit, { random: () => 0 })
    expect(times).toEqual([0, 500, 1500, 3500])
  })

  it('gives up with what happened last', async () => {
    const { times, result } = await attemptsAt(Array(20).fill(['failed']), { random: () => 0 })
    expect(result).toBe(outcome)
    expect(times.length).toBe(5)
  })

  it('begins to count anew when there was progress, but not for crumbs', async () => {
    const failed = Array(20).fill(['failed'])
    const whole = await attemptsAt(failed, { random: () => 0 }, (attempt) => attempt * 70_000)
    expect(whole.result).toBe('done')
    const crumbs = await attemptsAt(failed, { random: () => 0 }, (attempt) => attempt * 1_000)
    expect(crumbs.result).toBe(outcome)
  })

  it('outlasts the five minutes in which a hub counts', async () => {
    const { times, result } = await attemptsAt(Array(11).fill(['busy']), { patience: LASTING, random: () => 0.1 })
    expect(result).toBe('done')
    expect(times.at(-1)).toBeGreaterThan(250_000)
    const { result: refused } = await attemptsAt(Array(12).fill(['busy']), { patience: LASTING })
    expect(refused).toBe(outcome)
  })

  it('waits as long as the server says, within reason', async () => {
    const { times } = await attemptsAt(
      [
        ['failed', 7_000],
        ['busy', 1e9],
      ],
      { patience: LASTING, random: () => 0 },
    )
    expect(times).toEqual([0, 7_000, 307_000])
  })

  it('does not count a sleep, nor an address that has moved', async () => {
    const kinds = Array.from({ length: 40 }, (_, index) => [index % 2 ? 'slept' : 'moved'] as const)
    expect((await attemptsAt(kinds, {})).result).toBe('done')
    expect((await attemptsAt(Array(2_000).fill(['moved']), {})).result).toBe(outcome)
  })

  it('waits for the network when there is none, and no longer than it may', async () => {
    const navigator = { onLine: false }
    vi.stubGlobal('navigator', navigator)
    const events = new EventTarget()
    vi.stubGlobal('addEventListener', events.addEventListener.bind(events))
    vi.stubGlobal('removeEventListener', events.removeEventListener.bind(events))
    vi.useFakeTimers({ now: 0 })
    const online = setTimeout(() => {
      navigator.onLine = true
      events.dispatchEvent(new Event('online'))
    }, 600_000)
    const times: number[] = []
    const done = withRetries(
      async () => {
        times.push(Date.now())
        if (times.length === 1) throw new TransientFailure(outcome)
        return 'done'
      },
      () => 0,
      { patience: LASTING, random: () => 0 },
    )
    await vi.runAllTimersAsync()
    clearTimeout(online)
    expect(await done).toBe('done')
    expect(times).toEqual([0, 600_000])
    navigator.onLine = false
    const { times: short, result } = await attemptsAt([['failed']], { random: () => 0 })
    expect(result).toBe(outcome)
    expect(short.length).toBe(1)
  })

  it("ends a pause with the signal's reason", async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 10)
    const failing = withRetries(
      () => Promise.reject(new TransientFailure(outcome, 'failed', 60_000)),
      () => 0,
      {
        signal: controller.signal,
      },
    )
    await expect(failing).rejects.toThrow('enough')
  })

  it('does not repeat what is final', async () => {
    let attempts = 0
    const failing = withRetries(
      () => {
        attempts++
        return Promise.reject(outcome)
      },
      () => 0,
      {},
    )
    await expect(failing).rejects.toBe(outcome)
    expect(attempts).toBe(1)
  })
})
