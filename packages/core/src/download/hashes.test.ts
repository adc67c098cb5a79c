import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../test-support/seeded-random.ts'
import { Sha1Hash } from './sha1-hash.ts'
import { Sha256Hash } from './sha256-hash.ts'

const random = seededRandom(6)
const content = Uint8Array.from({ length: 70_000 }, () => random() * 256)
const kinds = [
  ['sha256', () => new Sha256Hash()],
  ['sha1', () => new Sha1Hash()],
] as const

describe.each(kinds)('%s', (name, create) => {
  const expected = (bytes: Uint8Array): string => createHash(name).update(bytes).digest('hex')

  it('is right for every length around the ends of blocks', () => {
    for (const length of [...Array(200).keys(), 1023, 1024, 65_535, 70_000])
      expect(create().update(content.subarray(0, length)).digest()).toBe(expected(content.subarray(0, length)))
  })

  it('is the same in whatever pieces it is fed, and put away between them', () => {
    for (let run = 0; run < 20; run++) {
      let hash = create()
      for (let at = 0; at < content.length; ) {
        const length = Math.floor(random() * (run % 2 === 0 ? 150 : 20_000))
        hash.update(content.subarray(at, at + length))
        at = Math.min(content.length, at + length)
        if (random() < 0.5) hash = create().import(hash.export(), at)
      }
      expect(hash.digest()).toBe(expected(content))
    }
  })

  it('counts more than 2^32 bits', () => {
    // Only the count is large: its state says that 2^30 zeros came before.
    const words = [...create().update(new Uint8Array(64)).export().matchAll(/-?\d+/g)].slice(0, name === 'sha1' ? 5 : 8)
    const state = (bytes: number): string => JSON.stringify({ words: words.map(Number), bytes, rest: '' })
    const long = create().import(state(2 ** 30), 2 ** 30)
    const longer = create().import(state(2 ** 30 + 2 ** 32), 2 ** 30 + 2 ** 32)
    expect(long.digest()).not.toBe(longer.digest())
  })

  it.each(['', '{}', 'null', '{"words":[1],"bytes":0,"rest":""}', '[1', '{"words":"12345678","bytes":3,"rest":""}'])(
    'refuses the state %s',
    (state) => {
      expect(() => create().import(state, 0)).toThrow()
    },
  )

  it('refuses the state of another place', () => {
    const state = create().update(content.subarray(0, 100)).export()
    expect(() => create().import(state, 99)).toThrow('after 99 bytes')
    expect(() => create().import(state.replace(/"rest":"../, '"rest":"'), 100)).toThrow()
    expect(() => create().import(state.replace(/"rest":"../, '"rest":"zz'), 100)).toThrow()
  })
})

describe("git's blob", () => {
  it('is what git says', () => {
    // printf 'hello\n' | git hash-object --stdin
    const hash = Sha1Hash.ofBlob(6).update(new TextEncoder().encode('hello\n'))
    expect(hash.digest()).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
  })
})
