import { expect, test } from 'vitest'
import fixtures from '../../../../test/golden/data/dequantize.json'
import { dequantize } from './dequantize.ts'
import { isTensorType } from './gguf/tensor-type-names.ts'
import { blockSizes } from './tensor-types.ts'

const decode = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

test.each(Object.entries(fixtures))('%s has the bits that the Python package gguf gives', (type, fixture) => {
  if (!isTensorType(type)) throw new Error(`${type} is no type of ours`)
  // One byte in: real tensors need not be aligned in their buffers.
  const bytes = new Uint8Array(decode(fixture.bytes).length + 1)
  bytes.set(decode(fixture.bytes), 1)
  const values = dequantize(type, bytes.subarray(1), fixture.count)
  expect(new Uint32Array(values.buffer)).toEqual(new Uint32Array(decode(fixture.values).buffer))
})

test('every type has a fixture', () => {
  expect(Object.keys(fixtures).sort()).toEqual(Object.keys(blockSizes).sort())
})

test('a count that is not what the bytes hold is refused', () => {
  expect(() => dequantize('Q4_0', new Uint8Array(18), 31)).toThrow(RangeError)
  expect(() => dequantize('Q4_0', new Uint8Array(17), 32)).toThrow(RangeError)
  expect(() => dequantize('Q6_K', new Uint8Array(420), 256)).toThrow(RangeError)
})
