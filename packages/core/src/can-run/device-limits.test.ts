import { expect, it } from 'vitest'
import { type DeviceHints, pageMemoryOf } from './device-limits.ts'

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Mobile/15E148 Safari/604.1'
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15'
const android = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/146.0.0.0 Mobile Safari/537.36'
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/146.0.0.0 Safari/537.36'
const of = (hints: Partial<DeviceHints>) => pageMemoryOf({ userAgent: '', touchPoints: 0, ...hints })

it('tells iPhones apart by their screens, whichever way they are held', () => {
  const small = of({ userAgent: iphone, screen: { width: 414, height: 896 } })
  const large = of({ userAgent: iphone, screen: { width: 956, height: 440 } })
  expect(small).toMatchObject({ device: 'iPhones with 3 GB of memory' })
  expect(large).toMatchObject({ device: 'iPhones with 8 GB of memory' })
  expect(large?.most).toBeGreaterThan(small?.most ?? Number.POSITIVE_INFINITY)
  // One that is newer than the table.
  expect(of({ userAgent: iphone, screen: { width: 500, height: 1000 } })).toMatchObject({ device: 'iPhones' })
  expect(of({ userAgent: iphone })).toBeDefined()
})

it('knows iPads that call themselves a Macintosh, and Macs', () => {
  expect(of({ userAgent: mac, touchPoints: 5 })).toMatchObject({ device: 'iPads' })
  expect(of({ userAgent: mac })).toBeUndefined()
})

it('goes by the memory that Android and small computers tell', () => {
  const most = [1, 2, 3, 4, 8, 16].map((memory) => of({ userAgent: android, touchPoints: 5, memory })?.most ?? 0)
  expect(most).toEqual([...most].sort((a, b) => a - b))
  expect(most[0]).toBeGreaterThan(0)
  expect(of({ userAgent: android })?.most).toBe(most[3])
  expect(of({ userAgent: windows, memory: 8 })).toBeUndefined()
  expect(of({ userAgent: windows, memory: 4 })).toMatchObject({ comfortable: expect.any(Number) })
  expect(of({ userAgent: windows, memory: 4 })?.most).toBeUndefined()
})
