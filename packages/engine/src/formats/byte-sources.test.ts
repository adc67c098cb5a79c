import { expect, test } from 'vitest'
import { blobSource } from './blob-source.ts'
import { bytesSource } from './bytes-source.ts'
import { expectFailure } from './testing.ts'

const bytes = Uint8Array.from({ length: 10 }, (_, i) => i)
const sources = [
  ['bytes', bytesSource(bytes.subarray(0), 'ten')],
  ['blob', blobSource(new Blob([bytes]), 'ten')],
] as const

test.each(sources)('%s: reads give exactly the range, in a buffer of their own', async (_, source) => {
  expect(source.size).toBe(10)
  const part = await source.read(3, 6)
  expect(part).toEqual(Uint8Array.of(3, 4, 5))
  expect(part.buffer.byteLength).toBe(3)
  part.fill(0)
  expect(await source.read(3, 6)).toEqual(Uint8Array.of(3, 4, 5))
  expect(await source.read(10, 10)).toEqual(new Uint8Array(0))
})

test.each(sources)('%s: a range past the end is a truncated file', async (_, source) => {
  await expectFailure(source.read(5, 11), 'file-truncated', /ten ends at byte 10.*download it again/)
})

test.each(sources)('%s: a range that is no range is refused', async (_, source) => {
  for (const [start, end] of [
    [-1, 2],
    [4, 3],
    [0.5, 2],
    [0, Number.NaN],
  ] as const)
    await expect(source.read(start, end)).rejects.toThrow(RangeError)
})

test.each(sources)('%s: an abort is heard', async (_, source) => {
  const reason = new Error('stopped')
  await expect(source.read(0, 1, AbortSignal.abort(reason))).rejects.toBe(reason)
})

test('a source over a part of a larger buffer does not reach past its part', async () => {
  const source = bytesSource(bytes.subarray(2, 5), 'part')
  expect(await source.read(0, 3)).toEqual(Uint8Array.of(2, 3, 4))
  await expectFailure(source.read(0, 4), 'file-truncated', /part ends at byte 3/)
})

test('a file keeps its name', () => {
  expect(blobSource(new File([bytes], 'model.gguf')).name).toBe('model.gguf')
  expect(blobSource(new Blob([bytes])).name).toBe('blob')
})
