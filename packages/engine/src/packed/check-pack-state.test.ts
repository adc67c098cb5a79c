import { describe, expect, it } from 'vitest'
import { failure } from '../formats/testing.ts'
import { packCheckpoint } from './pack-checkpoint.ts'
import type { PackedTensor, PackState } from './packed-types.ts'
import { MemoryFile, smallCheckpoint } from './testing.ts'

/** Two runs of the embedding and of the head, the latter with a value too large for f16. */
const small = smallCheckpoint(
  'F32',
  (name, bytes) => {
    if (name === 'lm_head.weight') bytes.setFloat32(2_100_000, 1e5, true)
  },
  2100,
)
const { checkpoint } = small

/** Every state on the way, as a journal has it, and as it was given. */
async function states(bits: 4 | 16): Promise<{ readonly given: PackState; readonly json: string }[]> {
  const all: { given: PackState; json: string }[] = []
  const { append } = new MemoryFile()
  await packCheckpoint(checkpoint, {
    ...{ bits, append },
    onPacked: (state) => {
      const given = state()
      all.push({ given, json: JSON.stringify(given) })
    },
  })
  return all
}

const known = await states(16)

const stateAfter = (reads: number): PackState => JSON.parse(known[reads - 1]?.json ?? 'null')

/** Of `from`, which JavaScript may take from anywhere. */
async function outcomeOf(from: unknown): Promise<string> {
  const { append } = new MemoryFile()
  // @ts-expect-error: nothing is known of its type
  const { code } = await failure(packCheckpoint(checkpoint, { bits: 16, append, from }))
  return code
}

describe('a state of packing', () => {
  it('stays as it was when it was given', () => {
    expect(known.length).toBeGreaterThan(12)
    for (const { given, json } of known) expect(JSON.stringify(given)).toBe(json)
  })

  it('is gone on with after any read', async () => {
    for (const reads of known.keys()) {
      const { append } = new MemoryFile()
      // Whatever the file is, what is there of it is left alone.
      await packCheckpoint(checkpoint, {
        bits: 16,
        append: async (bytes) => 1e9 + (await append(bytes)),
        from: stateAfter(reads + 1),
      })
    }
  })

  const state = stateAfter(6)
  const [first, ...others] = state.tensors
  const change = (changes: Partial<PackedTensor>): PackState => {
    if (!first) throw new Error('no tensor')
    return { ...state, tensors: [{ ...first, ...changes }, ...others] }
  }
  const runs = first?.runs ?? []
  const changeRun = (changes: object): PackState => change({ runs: runs.map((run) => ({ ...run, ...changes })) })

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['reads that never were', { ...state, reads: 1e9 }],
    ['reads below none', { ...state, reads: -3, tensors: [] }],
    ['half a read', { ...state, reads: 2.5 }],
    ['reads that are no number', { ...state, reads: Number.NaN }],
    ['other reads than its runs', { ...state, reads: 5 }],
    ['no list of tensors to read again', { ...state, again: 'lm_head.weight' }],
    ['an unknown tensor to read again', { ...state, again: ['nope'] }],
    ['a vector to read again', { ...state, again: ['norm.weight'] }],
    ['a tensor to read again that was not read', { ...state, again: ['lm_head.weight'] }],
    ['a tensor to read again that has runs', { ...state, again: ['embed_tokens.weight'] }],
    ['an unknown tensor', change({ name: 'nope' })],
    ['a tensor too few', { ...state, tensors: others }],
    ['a tensor twice', { ...state, tensors: [...state.tensors, first] }],
    ['what 4 bits meant before', change({ kind: { bits: 4, scale: 's16' } })],
    ['another kind', change({ kind: { bits: 'bf16', scale: 'none' } })],
    ['another scale shift', change({ scaleShift: 10 })],
    ['a run too few', change({ runs: runs.slice(1) })],
    ['runs in disorder', change({ runs: runs.toReversed() })],
    ['runs of other rows', changeRun({ rows: 1 })],
    ['runs of other lengths', changeRun({ bytes: 16 })],
    ['runs at odd places', changeRun({ offset: 8 })],
    ['runs over each other', changeRun({ offset: 0 })],
    ['runs that are none', change({ runs: JSON.parse('[null]') })],
  ])('is not gone on with where it has %s', async (_, from) => {
    expect(await outcomeOf(from)).toBe('file-damaged')
  })

  it('is not gone on with for other bits', async () => {
    const { json } = (await states(4))[3] ?? {}
    expect(await outcomeOf(JSON.parse(json ?? 'null'))).toBe('file-damaged')
  })
})
