import { describe, expect, it } from 'vitest'
import { EngineError } from '../errors.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import { bytesSource } from '../formats/bytes-source.ts'
import type { Checkpoint } from '../formats/checkpoint.ts'
import { seededRandom } from '../formats/testing.ts'
import type { PlaneTarget } from '../weights/plane-target.ts'
import { planReads } from '../weights/read-plan.ts'
import { streamReads } from '../weights/stream-tensors.ts'
import { crc32c } from './crc32c.ts'
import { packCheckpoint } from './pack-checkpoint.ts'
import { packedPieces } from './packed-pieces.ts'
import type { PackedTensor } from './packed-types.ts'
import { MemoryFile, smallCheckpoint, stored } from './testing.ts'
import { withPacked } from './with-packed.ts'

const { checkpoint } = smallCheckpoint('F32')
const file = new MemoryFile()
const tensors = stored(await packCheckpoint(checkpoint, { append: file.append, bits: 16 }))
const source = bytesSource(file.bytes, 'model.planes')

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

const copyOf = (value: unknown): Json => JSON.parse(JSON.stringify(value))

function codeOf(action: () => unknown): string {
  try {
    action()
    return 'nothing'
  } catch (error) {
    if (EngineError.isInstance(error)) return error.code
    throw error
  }
}

/** As a stranger's file gives it: whatever JSON can hold. */
const open = (directory: Json, packed: ByteSource = source): Checkpoint =>
  // @ts-expect-error: nothing is known of its type
  withPacked(checkpoint, packed, directory)

/** The directory with the value at `path` replaced. */
function edited(path: readonly (string | number)[], value: Json): Json {
  const copy = copyOf(tensors)
  let at: Json | undefined = copy
  for (const key of path.slice(0, -1)) at = Array.isArray(at) ? at[Number(key)] : isRecord(at) ? at[key] : undefined
  const last = path.at(-1) ?? ''
  if (Array.isArray(at)) at[Number(last)] = value
  else if (isRecord(at)) at[last] = value
  return copy
}

const isRecord = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

describe('withPacked', () => {
  it('takes what packCheckpoint made', () => {
    const packed = withPacked(checkpoint, source, tensors)
    expect([...packed.tensors.keys()]).toEqual([...checkpoint.tensors.keys()])
    expect([...packed.tensors.values()].every((tensor) => tensor.packed?.file === source)).toBe(true)
    expect(packed.config).toBe(checkpoint.config)
  })

  const run = [0, 'runs', 0] as const
  it.each<[string, Json]>([
    ['no list', {}],
    ['nothing', null],
    ['an empty list', []],
    ['one tensor too few', copyOf(tensors.slice(1))],
    ['a tensor twice', copyOf([...tensors, tensors[0]])],
    ['a name of no tensor', edited([0, 'name'], 'constructor')],
    ['no name', edited([0, 'name'], 7)],
    ['no kind', edited([0, 'kind'], null)],
    ['an unknown kind', edited([0, 'kind'], { bits: 3, scale: 's16' })],
    ['a kind that this type does not become', edited([0, 'kind'], { bits: 5, scale: 's16' })],
    ['a kind whose bits are a property of objects', edited([0, 'kind'], { bits: 'toString', scale: 'none' })],
    ['another scale shift', edited([0, 'scaleShift'], 3)],
    ['a huge scale shift', edited([0, 'scaleShift'], 1e9)],
    ['no runs', edited([0, 'runs'], [])],
    ['runs that are none', edited([0, 'runs'], [1, null])],
    ['a run that begins late', edited([...run, 'firstRow'], 1)],
    ['a run before the first row', edited([...run, 'firstRow'], -1)],
    ['rows that are missing', edited([...run, 'rows'], 39)],
    ['rows that are too many', edited([...run, 'rows'], 41)],
    ['no rows', edited([...run, 'rows'], 0)],
    ['rows beyond numbers', edited([...run, 'rows'], 2 ** 53)],
    ['half a row', edited([...run, 'rows'], 39.5)],
    ['a length that is not its rows’', edited([...run, 'bytes'], 16)],
    ['an offset between words', edited([...run, 'offset'], 4)],
    ['a negative offset', edited([...run, 'offset'], -16)],
    ['a CRC of more than 32 bits', edited([...run, 'crc'], 2 ** 32)],
    ['two tensors over the same bytes', edited([7, 'runs'], copyOf(tensors[8]?.runs))],
    ['a run that begins within another', edited([7, 'runs', 0, 'offset'], 16 + (tensors[8]?.runs[0]?.offset ?? 0))],
    ['a CRC that is a string', edited([...run, 'crc'], 'f00')],
  ])('refuses %s', (_, directory) => {
    expect(codeOf(() => open(directory))).toBe('file-malformed')
  })

  it('refuses runs past the end of the file', () => {
    expect(codeOf(() => open(edited([...run, 'offset'], 16 * file.length)))).toBe('file-truncated')
    const short = bytesSource(file.bytes.slice(0, -1), 'short')
    expect(codeOf(() => withPacked(checkpoint, short, tensors))).toBe('file-truncated')
  })

  it('refuses runs of more rows than are packed together, and half a head', async () => {
    // Two runs.
    const large = smallCheckpoint('F32', undefined, 2100).checkpoint
    const packed = new MemoryFile()
    const directory = stored(await packCheckpoint(large, { append: packed.append, bits: 16 }))
    const embedding = directory[0]
    if (embedding?.runs.length !== 2) throw new Error('not two runs')
    const all = new Uint8Array(2100 * 512)
    const offset = await packed.append(all)
    const one = { firstRow: 0, rows: 2100, offset, bytes: all.length, crc: crc32c(all) }
    const file = bytesSource(packed.bytes, 'model.planes')
    expect(codeOf(() => withPacked(large, file, directory))).toBe('nothing')
    const joined = [{ ...embedding, runs: [one] }, ...directory.slice(1)]
    expect(codeOf(() => withPacked(large, file, joined))).toBe('file-malformed')

    const query = tensors[2]
    const run = query?.runs[0]
    if (!query || !run) throw new Error('no run')
    const half = run.bytes / 256
    const heads = [
      { ...run, rows: 32, bytes: 32 * half },
      { ...run, firstRow: 32, rows: 224, offset: run.offset + 32 * half, bytes: 224 * half },
    ]
    expect(codeOf(() => open(edited([2, 'runs'], copyOf(heads))))).toBe('file-malformed')
  })

  it('refuses a directory of another model', async () => {
    const other = smallCheckpoint('Q5_0')
    const { append } = new MemoryFile()
    const foreign = await packCheckpoint(other.checkpoint, { append })
    expect(codeOf(() => withPacked(checkpoint, source, foreign))).toBe('file-malformed')
  })

  it('ends every damaged directory with a typed error or takes it, at once', () => {
    const random = seededRandom(6)
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
    const values: readonly Json[] = [0, -1, 1, 16, 2 ** 31, 2 ** 53, 1e300, 0.5, '', 'f16', null, true, [], {}, [[]]]
    let refused = 0
    for (let round = 0; round < 2000; round++) {
      const path: (string | number)[] = []
      let at: Json | undefined = copyOf(tensors)
      do {
        const key: string | number | undefined = Array.isArray(at)
          ? Math.floor(random() * at.length)
          : pick(Object.keys(at ?? {}))
        if (key === undefined) break
        path.push(key)
        at = Array.isArray(at) ? at[Number(key)] : isRecord(at) ? at[key] : undefined
      } while (at !== null && typeof at === 'object' && random() < 0.9)
      const code = codeOf(() => open(edited(path, pick(values) ?? null)))
      expect(['file-malformed', 'file-truncated', 'nothing']).toContain(code)
      if (code !== 'nothing') refused += 1
    }
    expect(refused).toBeGreaterThan(1500)
  })
})

describe('packed runs', () => {
  const nowhere: PlaneTarget = { put: () => {} }
  const read = (packed: ByteSource, tensor: PackedTensor, columns: number): Promise<void> =>
    streamReads(planReads(packedPieces({ file: packed, tensor }, columns, nowhere)), { onRead: () => {} })

  it('are checked bit for bit, and a damaged one is named', async () => {
    const tensor = tensors.find(({ name }) => name.endsWith('up_proj.weight'))
    const [first] = tensor?.runs ?? []
    if (!tensor || !first) throw new Error('no run')
    await read(source, tensor, 256)
    for (const at of [first.offset, first.offset + first.bytes - 1]) {
      const bytes = file.bytes
      bytes[at] = 0x10 ^ (bytes[at] ?? 0)
      await expect(read(bytesSource(bytes, 'damaged'), tensor, 256)).rejects.toMatchObject({
        code: 'file-damaged',
        details: { tensor: tensor.name, run: 0, firstRow: 0, rows: 256, offset: first.offset, bytes: first.bytes },
      })
    }
  })
})
