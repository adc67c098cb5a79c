import { expect, it } from 'vitest'
import { requireMemory } from './require-memory.ts'
import { threadCount } from './threads.ts'

it('refuses what 32-bit WebAssembly cannot hold, before it is tried', () => {
  const limited = expect.objectContaining({ code: 'device-limit-exceeded' })
  expect(() => requireMemory(7_000_000, 4_000_000)).not.toThrow()
  expect(() => requireMemory(2 ** 31, 0)).toThrow(limited)
  expect(() => requireMemory(1000, 2 ** 32)).toThrow(limited)
  expect(() => requireMemory(2 ** 31 - 1, 2 ** 31)).toThrow(limited)
})

it('takes threads only where there are some, and no more than help', () => {
  expect(threadCount(false, 16)).toBe(1)
  expect([0, 1, 2, 3, 4, 8, 16, 64].map((cores) => threadCount(true, cores))).toEqual([1, 1, 2, 2, 2, 4, 8, 8])
})
