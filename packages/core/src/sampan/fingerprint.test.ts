import { expect, it } from 'vitest'
import { fingerprint } from './fingerprint.ts'

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
