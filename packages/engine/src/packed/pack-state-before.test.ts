import { describe, expect, it, vi } from 'vitest'
import { crc32c } from './crc32c.ts'
import { packCheckpoint } from './pack-checkpoint.ts'
import { packStateBefore } from './pack-state-before.ts'
import type { PackState } from './packed-types.ts'
import { MemoryFile, smallCheckpoint, stored } from './testing.ts'

vi.setConfig({ testTimeout: 30_000 })

/** Two files, with a tensor in each that is packed twice. */
const made = () =>
  smallCheckpoint('F32', (name, bytes) => {
    if (/o_proj|lm_head/.test(name)) bytes.setFloat32(400, 1e5, true)
  })

/** What is there of each tensor, wherever it lies. */
const contents = (state: Pick<PackState, 'tensors'>): unknown =>
  stored(state.tensors).map(({ name, kind, runs }) => [name, kind, runs.map(({ crc, rows }) => [rows, crc])])

describe.each([0, 1])('packing that begins again with file %i', (index) => {
  it('keeps what came of the files before it, after any read, and comes to the same', async () => {
    const { checkpoint, files } = made()
    const whole = await packCheckpoint(checkpoint, { bits: 16, append: new MemoryFile().append })
    const states: PackState[] = []
    const file = new MemoryFile()
    await packCheckpoint(checkpoint, {
      bits: 16,
      append: file.append,
      onPacked: (state) => void states.push(JSON.parse(JSON.stringify(state()))),
    })
    const source = files[index]?.source
    if (!source) throw new Error('no file')
    expect(states.at(-1)?.again).toHaveLength(2)
    for (const state of states) {
      const { state: earlier, dropped } = packStateBefore(checkpoint, { bits: 16 }, state, source)
      expect([...dropped]).toEqual(files.slice(index).map((one) => one.source))
      const names = [...checkpoint.tensors.values()].filter((tensor) => !dropped.has(tensor.source))
      expect(earlier.tensors.every(({ name }) => names.some((tensor) => tensor.name === name))).toBe(true)
      if (index === 0) expect(earlier).toEqual({ reads: 0, tensors: [], again: [] })
      for (const one of files) one.reads.length = 0
      const tensors = await packCheckpoint(checkpoint, { bits: 16, append: file.append, from: earlier })
      expect(contents({ tensors })).toEqual(contents({ tensors: whole }))
      if (index === 1 && state.reads >= 6) expect(files[0]?.reads.length).toBeLessThanOrEqual(1)
      const runs = tensors.flatMap((tensor) => tensor.runs)
      const all = file.bytes
      for (const { offset, bytes, crc } of runs) expect(crc32c(all.subarray(offset, offset + bytes))).toBe(crc)
    }
  })

  it('drops nothing for a file that nothing reads', async () => {
    const { checkpoint } = made()
    const [, other] = made().files
    if (!other) throw new Error('no file')
    const state: PackState = { reads: 3, tensors: [], again: [] }
    expect(packStateBefore(checkpoint, {}, state, other.source).state).toEqual(state)
  })
})
