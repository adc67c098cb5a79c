import { describe, expect, it } from 'vitest'
import { formatBytes, formatRate, formatTimeLeft } from './amount-format.ts'
import { stringsOf } from './strings.ts'

const strings = stringsOf('en')

describe('formatBytes', () => {
  it('gives a digit behind the point only where it says something, and no 1000 MB', () => {
    const texts = [0, 123_456, 7_240_000, 9_960_000, 484_000_000, 999_600_000, 1_540_000_000]
    expect(texts.map((bytes) => formatBytes(bytes, 'en'))).toEqual([
      ...['0 MB', '0.1 MB', '7.2 MB', '10 MB', '484 MB', '1 GB', '1.5 GB'],
    ])
  })
})

describe('formatTimeLeft', () => {
  it('counts seconds at the end alone', () => {
    const left = (seconds: number): string => formatTimeLeft(seconds, 'en', strings)
    expect([0, 3.2, 41, 89, 100, 5_000, 6_000].map(left)).toEqual([
      ...['1 s left', '4 s left', '45 s left', '90 s left', '2 min left', '84 min left', '2 h left'],
    ])
  })
})

describe('formatRate', () => {
  it('gives two digits', () => {
    expect([0, 12_345_678, 98_765, 1_234_567_890].map((rate) => formatRate(rate, 'en', strings))).toEqual([
      ...['0 MB/s', '12 MB/s', '0.1 MB/s', '1.2 GB/s'],
    ])
  })
})
