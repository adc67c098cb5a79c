import { createHash } from 'node:crypto'
import type { ByteSource, TensorInfo } from '@sampan/engine'
import { describe, expect, it } from 'vitest'
import { HASH_PIECE_BYTES, TensorDigests } from '../sampan/model-hash-tensors.ts'
import { seededRandom } from '../test-support/seeded-random.ts'
import type { HashPlan } from './download-types.ts'
import { PieceHash } from './piece-hash.ts'

const random = seededRandom(7)
const content = Uint8Array.from({ length: 3000 }, () => random() * 256)
const plan: HashPlan = {
  pieceBytes: 100,
  ranges: [
    { start: 0, end: 0 },
    { start: 10, end: 310 },
    { start: 310, end: 311 },
    { start: 400, end: 400 },
    { start: 500, end: 1250 },
    { start: 2000, end: 3000 },
  ],
}
const expected = plan.ranges.map(({ start, end }) =>
  Array.from({ length: Math.ceil((end - start) / 100) }, (_, index) =>
    createHash('sha256')
      .update(content.subarray(start + index * 100, Math.min(end, start + index * 100 + 100)))
      .digest('hex'),
  ),
)

describe('PieceHash', () => {
  it('hashes each piece of each range, in whatever parts the file comes', () => {
    for (const step of [1, 7, 100, 1024, 3000]) {
      const hash = new PieceHash(plan)
      for (let at = 0; at < content.length; at += step) hash.update(content.subarray(at, at + step))
      expect(hash.digests()).toEqual(expected)
    }
  })

  it('goes on from every byte', () => {
    for (let cut = 0; cut <= content.length; cut += cut < 520 ? 1 : 7) {
      const first = new PieceHash(plan)
      first.update(content.subarray(0, cut))
      const mark = first.mark()
      first.update(content.subarray(cut, cut + 150))
      const second = new PieceHash(plan).import(first.exportAt(mark), cut)
      second.update(content.subarray(cut))
      expect(second.digests()).toEqual(expected)
    }
  })

  it('refuses the state of another place, or what is none', () => {
    const hash = new PieceHash(plan)
    hash.update(content.subarray(0, 350))
    const state = hash.exportAt(hash.mark())
    for (const [json, position] of [
      [state, 250],
      [state, 600],
      ['null', 350],
      ['{}', 350],
      ['', 350],
      [state.replace(/"digests":"../, '"digests":"x!'), 350],
    ] as const)
      expect(() => new PieceHash(plan).import(json, position)).toThrow()
  })

  it('refuses plans that are out of order', () => {
    const ranges = [
      { start: 5, end: 9 },
      { start: 8, end: 10 },
    ]
    expect(() => new PieceHash({ pieceBytes: 4, ranges })).toThrow(RangeError)
    expect(() => new PieceHash({ pieceBytes: 4, ranges: [{ start: 5, end: 4 }] })).toThrow(RangeError)
  })

  it("gives what the model's hash is made of", async () => {
    const file = new Uint8Array(HASH_PIECE_BYTES * 3)
    for (let at = 0; at < file.length; at++) file[at] = (at * 13) ^ (at >> 10)
    const source: ByteSource = { name: 'file', size: file.length, read: async (start, end) => file.slice(start, end) }
    const tensors = [
      [64, HASH_PIECE_BYTES * 2 + 12],
      [HASH_PIECE_BYTES * 2 + 128, 400],
    ].map(([start = 0, byteLength = 0], index): TensorInfo => {
      return { name: `tensor ${index}`, type: 'F32', shape: [byteLength / 4], source, start, byteLength }
    })
    const digests = new TensorDigests(source, tensors)
    await digests.read(new AbortController().signal)
    const hash = new PieceHash({
      pieceBytes: HASH_PIECE_BYTES,
      ranges: tensors.map(({ start, byteLength }) => ({ start, end: start + byteLength })),
    })
    for (let at = 0; at < file.length; at += 1_000_003) hash.update(file.subarray(at, at + 1_000_003))
    expect(hash.digests()).toEqual(await Promise.all(tensors.map((tensor) => digests.digests(tensor))))
  })
})
