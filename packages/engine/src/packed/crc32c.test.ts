import { describe, expect, it } from 'vitest'
import { seededRandom } from '../formats/testing.ts'
import { crc32c } from './crc32c.ts'

/** Bit by bit, as the definition has it. */
function plain(bytes: Uint8Array): number {
  let state = -1
  for (const byte of bytes) {
    state ^= byte
    for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (state & 1 ? 0x82f63b78 : 0)
  }
  return ~state >>> 0
}

const random = seededRandom(32)
const noise = Uint8Array.from({ length: 200_003 }, () => random() * 256)

describe('crc32c', () => {
  it('gives what RFC 3720 lists', () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, i) => i)
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(ascending)).toBe(0x46dd794e)
    expect(crc32c(ascending.toReversed())).toBe(0x113fdb5c)
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
    expect(crc32c(new Uint8Array(0))).toBe(0)
  })

  it.each([1, 3, 4, 7, 8, 84_395, 84_400, 84_403, 84_404, 150_000, 150_001, 199_999])(
    'is that of the definition for %i bytes, at every offset',
    (length) => {
      for (let offset = 0; offset < 4; offset++) {
        const bytes = noise.subarray(offset, offset + length)
        expect(crc32c(bytes)).toBe(plain(bytes))
      }
    },
  )

  it('goes on where it stopped', () => {
    const whole = crc32c(noise)
    for (const cut of [1, 5000, 90_001, 199_990])
      expect(crc32c(noise.subarray(cut), crc32c(noise.subarray(0, cut)))).toBe(whole)
  })

  it('changes with every bit', () => {
    const whole = crc32c(noise)
    for (let bit = 0; bit < 8 * noise.length; bit += 12_347) {
      const changed = noise.slice()
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(crc32c(changed)).not.toBe(whole)
    }
  })
})
