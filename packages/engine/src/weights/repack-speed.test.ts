import { expect, it } from 'vitest'
import type { WeightBits } from '../engine-types.ts'
import type { TensorType } from '../formats/checkpoint.ts'
import { crc32c } from '../packed/crc32c.ts'
import { randomBlocks } from './random-blocks.ts'
import { repackRows } from './repack.ts'
import { layoutSection, planeKindFor } from './section.ts'

/** With SAMPAN_SOAK it says how fast one thread is. Rounds are short, so that one of them has a core for itself. */
const soak = process.env['SAMPAN_SOAK'] !== undefined
const rounds = soak ? 400 : 2
const [rows, columns] = [128, 1024]

function report(name: string, bytes: number, action: () => unknown): void {
  let shortest = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    action()
    shortest = Math.min(shortest, performance.now() - start)
  }
  if (soak) console.log(`${name}: ${(bytes / 1000 / shortest).toFixed(0)} MB/s`)
}

it.each<[TensorType, WeightBits]>([
  ['BF16', 4],
  ['BF16', 8],
  ['F16', 4],
  ['F32', 4],
  ['F32', 16],
  ['Q4_0', 'source'],
  ['Q5_0', 'source'],
  ['Q8_0', 'source'],
  ['Q4_K', 'source'],
  ['Q5_K', 'source'],
  ['Q6_K', 'source'],
])('%s is repacked again and again, at %s bits', (type, bits) => {
  const bytes = randomBlocks(type, rows, columns, 7)
  const section = layoutSection(planeKindFor(type, bits), rows, columns, 0)
  const words = new Uint32Array(section.end)
  const repack = (): string => repackRows(type, bytes, section, 0, words)
  expect(repack()).toBe('done')
  const first = words.slice()
  report(`${type} to ${bits}`, bytes.length, repack)
  expect(words.every((word, index) => word === first[index])).toBe(true)
})

it('CRC-32C of a run is the same again and again', () => {
  const bytes = randomBlocks('Q8_0', 1024, 1024, 7)
  const first = crc32c(bytes)
  report('CRC-32C', bytes.length, () => crc32c(bytes))
  expect(crc32c(bytes)).toBe(first)
})
