import { expect, it } from 'vitest'
import type { ByteSource } from '../formats/byte-source.ts'
import { planReads } from './read-plan.ts'
import { streamReads } from './stream-tensors.ts'

const MB = 2 ** 20

/** The most bytes that were asked for and not yet taken, of so many pieces of a size, and how many pieces that were. */
async function mostUnderWay(pieces: number, size: number): Promise<{ bytes: number; reads: number }> {
  let underWay = 0
  let most = 0
  const source: ByteSource = {
    ...{ name: 'pieces', size: 2 * pieces * size },
    async read(start, end) {
      underWay += end - start
      most = Math.max(most, underWay)
      return new Uint8Array(end - start)
    },
  }
  const ranges = planReads(
    Array.from({ length: pieces }, (_, i) => ({
      ...{ source, start: 2 * i * size, end: (2 * i + 1) * size },
      take: (bytes) => {
        underWay -= bytes.byteLength
      },
    })),
  )
  let done = 0
  await streamReads(ranges, {
    onRead: (bytes) => {
      done += bytes
    },
  })
  expect(done).toBe(pieces * size)
  return { bytes: most, reads: most / size }
}

it('has four usual reads under way, and of long ones no more than 10 MiB, or one', async () => {
  expect((await mostUnderWay(12, 2 * MB)).reads).toBe(4)
  expect((await mostUnderWay(12, Math.round(2.2 * MB))).reads).toBe(4)
  expect((await mostUnderWay(12, 4 * MB)).reads).toBe(2)
  expect((await mostUnderWay(4, 16 * MB)).reads).toBe(1)
})
