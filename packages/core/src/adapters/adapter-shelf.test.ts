import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AdapterShelf, hashWithAdapters } from './adapter-shelf.ts'
import type { AdapterFiles } from './adapter-types.ts'

const folder = new URL('../../../../test/golden/adapter-data/rotated/', import.meta.url)
const config = readFileSync(new URL('adapter_config.json', folder), 'utf8')
const weights = new Blob([Uint8Array.from(readFileSync(new URL('adapter_model.safetensors', folder)))])
const named = (id: string, changes: Partial<AdapterFiles> = {}): AdapterFiles => ({
  ...{ name: `adapter ${id}`, id, sha256: id, config, weights, scale: 1 },
  ...changes,
})

describe('the adapters of a Worker', () => {
  it('are opened once, and known again whatever their scale', async () => {
    const shelf = new AdapterShelf()
    const [first] = await shelf.open([named('a')])
    const [again, other] = await shelf.open([named('a', { scale: 2 }), named('b')])
    expect(again?.adapter).toBe(first?.adapter)
    expect(again?.scale).toBe(2)
    expect(other?.adapter).not.toBe(first?.adapter)
    expect(first?.adapter.targets.size).toBe(7)
  })

  it('are opened again after they could not be', async () => {
    const shelf = new AdapterShelf()
    await expect(shelf.open([named('a', { config: '{' })])).rejects.toMatchObject({ code: 'file-malformed' })
    expect(await shelf.open([named('a')])).toHaveLength(1)
  })

  it('are given up, the one of no use for longest first, and never one in use', async () => {
    const shelf = new AdapterShelf()
    const uses = await shelf.open(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => named(id)))
    await shelf.open([named('a')])
    expect(await shelf.surplus([named('a')])).toEqual([uses[1]?.adapter])
    expect(await shelf.surplus([named('c')])).toEqual([])
    expect(await shelf.surplus([])).toEqual([uses[2]?.adapter])
  })
})

it('a model with adapters is called otherwise than alone, than with others and than with other scales', async () => {
  const hash = `sampan-model-1:${'0'.repeat(64)}`
  const lists = [
    [],
    [named('a')],
    [named('b')],
    [named('a', { scale: 2 })],
    [named('a'), named('b')],
    [named('b'), named('a')],
  ]
  const hashes = await Promise.all(lists.map((list) => hashWithAdapters(hash, list)))
  expect(hashes[0]).toBe(hash)
  expect(new Set(hashes).size).toBe(lists.length)
  for (const one of hashes) expect(one).toMatch(/^sampan-model-1:[0-9a-f]{64}$/)
  const { sha256: _, ...unknown } = named('a')
  expect(await hashWithAdapters(hash, [unknown])).toBeUndefined()
  expect(await hashWithAdapters(undefined, [named('a')])).toBeUndefined()
})
