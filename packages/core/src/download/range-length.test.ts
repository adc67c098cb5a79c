import { describe, expect, it } from 'vitest'
import { RangeLength } from './range-length.ts'

const MB = 1 << 20

/** Ranges that come at so many bytes each second. @returns the length of each */
function lengthsAt(bytesPerSecond: number, count: number, length = new RangeLength()): number[] {
  return Array.from({ length: count }, () => {
    const { bytes } = length
    length.add(bytes, (bytes * 1000) / bytesPerSecond)
    return bytes
  })
}

describe('the length of ranges', () => {
  it('begins small, and grows to half a second of what a line gives', () => {
    expect(lengthsAt(5 * MB, 5)).toEqual([0.5, 1, 2, 2.5, 2.5].map((count) => count * MB))
  })

  it('has bounds, whatever the line', () => {
    expect(lengthsAt(100, 3)).toEqual([0.5, 1, 1].map((count) => count * MB))
    expect(lengthsAt(Number.POSITIVE_INFINITY, 5)).toEqual([0.5, 1, 2, 3, 3].map((count) => count * MB))
  })

  it('follows a line that becomes slow, not at once', () => {
    const length = new RangeLength()
    lengthsAt(100 * MB, 4, length)
    expect(lengthsAt(2 * MB, 4, length)).toEqual([3, 1.5, 1, 1].map((count) => count * MB))
  })
})
