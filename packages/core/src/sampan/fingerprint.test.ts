import { expect, it } from 'vitest'
import { fingerprint, weightFormats } from './fingerprint.ts'

it('names build, device and formats in one word', () => {
  const adapter = {
    vendor: 'apple',
    architecture: 'metal-3',
    description: 'Apple M3 Max (10 cores)',
    software: false,
    features: ['subgroups', 'timestamp-query'],
  }
  expect(fingerprint('sampan', ['w4'], adapter)).toMatch(
    /^sampan-[\d.]+_apple_metal-3_apple-m3-max-10-cores-?_subgroups_w4$/,
  )
  expect(fingerprint('wllama', [])).toMatch(/^wllama-[\d.]+_cpu$/)
})

it('tells bits of the weights, once where they are all as usual', () => {
  expect([weightFormats(4, 8), weightFormats(8, 8), weightFormats('source', 'source')]).toEqual([
    ['w4'],
    ['w8'],
    ['wsource'],
  ])
  expect([weightFormats(4, 4), weightFormats(8, 16)]).toEqual([
    ['w4', 'e4'],
    ['w8', 'e16'],
  ])
})
