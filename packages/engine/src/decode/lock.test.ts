import { expect, it } from 'vitest'
import { Lock } from './lock.ts'

const never = new AbortController().signal

it('lets holders in one at a time, in order', async () => {
  const lock = new Lock()
  const log: string[] = []
  const first = await lock.acquire(never)
  const others = ['a', 'b'].map(async (name) => {
    const release = await lock.acquire(never)
    log.push(`${name} in`)
    await Promise.resolve()
    log.push(`${name} out`)
    release()
  })
  expect(log).toEqual([])
  first()
  await Promise.all(others)
  expect(log).toEqual(['a in', 'a out', 'b in', 'b out'])
})

it('passes over who was aborted while waiting, without letting the next in early', async () => {
  const lock = new Lock()
  const first = await lock.acquire(never)
  const abort = new AbortController()
  const second = lock.acquire(abort.signal)
  let thirdIn = false
  const third = lock.acquire(never).then(() => {
    thirdIn = true
  })
  abort.abort('enough')
  await expect(second).rejects.toBe('enough')
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(thirdIn).toBe(false)
  first()
  await third
  await expect(lock.acquire(abort.signal)).rejects.toBe('enough')
})
