import { afterEach, expect, it, vi } from 'vitest'
import { connectionCost, connectionFacts } from './connection.ts'

afterEach(() => vi.unstubAllGlobals())

it.each<[unknown, boolean, ReturnType<typeof connectionCost>]>([
  [undefined, false, 'unknown'],
  [null, false, 'unknown'],
  [{ type: 7, saveData: 'yes' }, false, 'unknown'],
  [{ effectiveType: '4g', saveData: false }, false, 'unknown'],
  [{ type: 'none' }, false, 'unknown'],
  [{ type: 'wifi', saveData: false }, false, 'unmetered'],
  [{ type: 'ethernet' }, false, 'unmetered'],
  [{ type: 'cellular' }, false, 'metered'],
  [{ type: 'wifi', saveData: true }, false, 'metered'],
  [{ type: 'wifi' }, true, 'metered'],
])('%j, less data %s: %s', (connection, reduced, cost) => {
  vi.stubGlobal('navigator', { connection })
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === '(prefers-reduced-data: reduce)' && reduced }))
  expect(connectionCost()).toBe(cost)
})

it('says why', () => {
  vi.stubGlobal('navigator', { connection: { type: 'cellular', saveData: true } })
  expect(connectionFacts()).toEqual({ cost: 'metered', saveData: true, type: 'cellular' })
})
