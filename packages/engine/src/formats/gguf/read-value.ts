import { EngineError } from '../../errors.ts'
import type { MetadataValue } from '../checkpoint.ts'
import {
  maximumArrayBytes,
  maximumArrayDepth,
  maximumArrayLength,
  maximumStringBytes,
  maximumTotalElements,
} from './limits.ts'
import { readString } from './read-string.ts'
import type { WindowReader } from './window-reader.ts'

/** Value types by number, as the specification lists them. */
const valueTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'bool',
  'string',
  'array',
  'uint64',
  'int64',
  'float64',
] as const
type ValueType = (typeof valueTypes)[number]

/** Bytes in the file of one value; for strings and arrays the least. */
const leastBytes: Readonly<Record<ValueType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  string: 8,
  array: 12,
  uint64: 8,
  int64: 8,
  float64: 8,
}

/** What is left of a header's allowance of array elements. */
export interface ElementBudget {
  remaining: number
}

export const fullElementBudget = (): ElementBudget => ({ remaining: maximumTotalElements })

/** A value type followed by a value of it. */
export async function readValue(reader: WindowReader, key: string, budget: ElementBudget): Promise<MetadataValue> {
  const type = await readType(reader, key)
  return type === 'array' ? readArray(reader, key, budget, 1) : readScalar(reader, key, type)
}

async function readType(reader: WindowReader, key: string): Promise<ValueType> {
  await reader.need(4)
  const number = reader.uint32()
  const type = valueTypes[number]
  if (!type)
    throw new EngineError(
      'file-malformed',
      `${reader.source.name} is damaged: metadata ${JSON.stringify(key)} has the unknown value type ${number}. Download it again or use another file.`,
      { name: reader.source.name, key, type: number },
    )
  return type
}

async function readScalar(
  reader: WindowReader,
  key: string,
  type: Exclude<ValueType, 'array'>,
): Promise<string | number | bigint | boolean> {
  if (type === 'string') return readString(reader, maximumStringBytes, `metadata ${JSON.stringify(key)}`)
  await reader.need(leastBytes[type])
  switch (type) {
    case 'uint8':
    case 'int8':
    case 'uint16':
    case 'int16':
    case 'uint32':
    case 'int32':
    case 'float32':
    case 'float64':
      return reader[type]()
    case 'bool':
      return reader.uint8() !== 0
    case 'uint64':
    case 'int64':
      return narrow(reader[type]())
    default:
      throw type satisfies never
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

async function readArray(
  reader: WindowReader,
  key: string,
  budget: ElementBudget,
  depth: number,
): Promise<Exclude<MetadataValue, string | number | bigint | boolean>> {
  if (depth > maximumArrayDepth) throw overLimit(reader, key, `nests arrays more than ${maximumArrayDepth} deep`)
  const type = await readType(reader, key)
  await reader.need(8)
  const count = reader.count()
  if (count > maximumArrayLength) throw overLimit(reader, key, `has ${count} elements, more than ${maximumArrayLength}`)
  budget.remaining -= count
  if (budget.remaining < 0)
    throw overLimit(reader, key, `brings the header past ${maximumTotalElements} array elements`)
  if (type !== 'string' && type !== 'array' && count * leastBytes[type] > maximumArrayBytes)
    throw overLimit(reader, key, `is an array of ${count * leastBytes[type]} bytes, more than ${maximumArrayBytes}`)
  reader.expect(count * leastBytes[type], `metadata ${JSON.stringify(key)}`)
  switch (type) {
    case 'string':
      return readStrings(reader, key, count)
    case 'array': {
      const values: MetadataValue[] = []
      for (let index = 0; index < count; index++) values.push(await readArray(reader, key, budget, depth + 1))
      return values
    }
    case 'bool':
      return Array.from(await readBytes(reader, count), (byte) => byte !== 0)
    case 'uint8':
      return readBytes(reader, count)
    case 'int8':
      return new Int8Array((await readBytes(reader, count)).buffer)
    case 'uint16':
      return new Uint16Array((await readBytes(reader, count * 2)).buffer)
    case 'int16':
      return new Int16Array((await readBytes(reader, count * 2)).buffer)
    case 'uint32':
      return new Uint32Array((await readBytes(reader, count * 4)).buffer)
    case 'int32':
      return new Int32Array((await readBytes(reader, count * 4)).buffer)
    case 'float32':
      return new Float32Array((await readBytes(reader, count * 4)).buffer)
    case 'uint64':
      return new BigUint64Array((await readBytes(reader, count * 8)).buffer)
    case 'int64':
      return new BigInt64Array((await readBytes(reader, count * 8)).buffer)
    case 'float64':
      return new Float64Array((await readBytes(reader, count * 8)).buffer)
    default:
      throw type satisfies never
  }
}

async function readBytes(reader: WindowReader, count: number): Promise<Uint8Array<ArrayBuffer>> {
  await reader.need(count)
  return reader.bytes(count)
}

/** After so many strings of a list it is looked anew how long the rest will be. */
const FORESEEN_STRINGS = 1024
/** A token of a vocabulary, or a merge, with its length before it. */
const USUAL_STRING_BYTES = 16
/** Later ones are longer. */
const LATER_STRINGS = 1.3
/** What mostly comes behind the last vocabulary: a template, and the names and places of the tensors. */
const BEHIND_STRINGS_BYTES = 64 * 1024
/** A vocabulary is followed by what kind each token is. */
const tokensKey = 'tokenizer.ggml.tokens'
const TOKEN_TYPE_BYTES = 4

async function readStrings(reader: WindowReader, key: string, count: number): Promise<readonly string[]> {
  const what = `a string of metadata ${JSON.stringify(key)}`
  const strings: string[] = []
  const begin = reader.position
  const behind = BEHIND_STRINGS_BYTES + (key === tokensKey ? count * TOKEN_TYPE_BYTES : 0)
  for (let index = 0; index < count; index++) {
    if (index % FORESEEN_STRINGS === 0) {
      const average = index === 0 ? USUAL_STRING_BYTES : (reader.position - begin) / index
      reader.foresee(Math.ceil((count - index) * average * LATER_STRINGS) + behind)
    }
    strings.push(await readString(reader, maximumStringBytes, what))
  }
  return strings
}

function overLimit(reader: WindowReader, key: string, problem: string): EngineError {
  return new EngineError(
    'file-limit-exceeded',
    `${reader.source.name}: metadata ${JSON.stringify(key)} ${problem}: the file is damaged or no model file.`,
    { name: reader.source.name, key, offset: reader.position },
  )
}
