import { describe, expect, it } from 'vitest'
import { DyingArea } from '../test-support/dying-area.ts'
import { faultsOf, madeUpModel, partBytes, planes, storeMadeUp } from '../test-support/store-models.ts'
import { AreaStore } from './area-store.ts'
import { piecesOf } from './check-places.ts'
import { importModel } from './import-model.ts'
import { MemoryArea } from './memory-area.ts'
import { readIndex, readStoredFile, writeIndex } from './model-file.ts'
import type { ModelStore, StoredForm } from './store-types.ts'

const sizes = [48, 304, 7]
const { signal } = new AbortController()

const openMemory = (): ModelStore => new AreaStore(new MemoryArea(), undefined, 'a test')

describe('a store', () => {
  it('finds a model by every source that is known to be it', async () => {
    const store = openMemory()
    const model = await madeUpModel('one', sizes)
    const { id, key } = model.plan
    expect(await store.findId(id, 'mirror/one')).toBeUndefined()
    await storeMadeUp(store, model)
    expect(await store.find('mirror/one', planes)).toBeUndefined()
    expect((await store.findId(id, 'mirror/one'))?.keys).toEqual([key, 'mirror/one'])
    for (const one of [key, 'mirror/one']) expect((await store.find(one, planes))?.id).toBe(id)
    expect(await store.find(key, { ...planes, embeddingBits: 4 })).toBeUndefined()
  })

  it('says why a model is not there', async () => {
    const store = openMemory()
    const model = await madeUpModel('why', sizes)
    const { key } = model.plan
    const reason = async (form: StoredForm = planes): Promise<string> => (await store.explainMiss(key, form)).reason
    expect(await reason()).toBe('absent')
    const writer = await store.write(model.plan)
    expect(await store.explainMiss(key, planes)).toMatchObject({ reason: 'partial', model: { name: 'why' } })
    expect(await reason({ ...planes, bits: 8 })).toBe('absent')
    await writer.discard()
    expect(await reason()).toBe('absent')
    await storeMadeUp(store, await madeUpModel('why', sizes, { kind: 'source' }))
    expect(await reason()).toBe('other-kind')
    await storeMadeUp(store, await madeUpModel('why', sizes, { ...planes, embeddingBits: 4 }))
    expect(await reason()).toBe('other-bits')
    await storeMadeUp(store, await madeUpModel('why', sizes, { ...planes, version: 99 }))
    expect(await reason()).toBe('old-format')
    expect((await store.list()).map(({ name }) => name)).toEqual(['why', 'why', 'why'])
  })

  it('keeps what calls that are not awaited bring, in their order', async () => {
    const store = openMemory()
    const model = await madeUpModel('beside', sizes)
    const writer = await store.write(model.plan)
    const offsets = sizes.map((_, part) => writer.append(partBytes(model, part)))
    const journalled = writer.journal({ all: true }, { downloaded: 1, total: 2 })
    expect(await Promise.all(offsets)).toEqual([0, 48, 352])
    await journalled
    await writer.close()
    const again = await store.write(model.plan)
    expect(again).toMatchObject({ length: 359, resumed: { all: true } })
    await again.close()
  })

  it('refuses an index of another model, or of what is not there', async () => {
    const [one, two] = [await madeUpModel('one', sizes), await madeUpModel('two', sizes)]
    const store = openMemory()
    await storeMadeUp(store, one)
    const { index } = await store.open(one.plan.id)
    const writer = await store.write(two.plan)
    await expect(writer.commit(index)).rejects.toThrow(/index of/)
    await expect(writer.commit({ ...index, id: two.plan.id })).rejects.toMatchObject({ code: 'file-malformed' })
    await writer.discard()
    expect(await store.list()).toHaveLength(1)
  })

  it('mends a piece with the right bytes only', async () => {
    const area = new DyingArea()
    const store = new AreaStore(area, undefined)
    const model = await madeUpModel('mended', sizes)
    const { id } = model.plan
    await storeMadeUp(store, model)
    const [, piece] = piecesOf((await store.open(id)).index)
    if (!piece) throw new Error('no piece')
    await (await area.openData(id)).write(new Uint8Array(20), piece.offset + 5)
    expect(await faultsOf(store, model)).toEqual(['part 1'])
    await expect(store.repair(id, piece, new Uint8Array(piece.bytes))).rejects.toMatchObject({ code: 'file-damaged' })
    await expect(store.repair(id, { ...piece, offset: 0 }, partBytes(model, 1))).rejects.toThrow(/no such piece/)
    await store.repair(id, piece, partBytes(model, 1))
    expect(await faultsOf(store, model)).toEqual([])
  })

  it('lists a model whose index is damaged as a partial one, which can be deleted', async () => {
    const area = new DyingArea()
    const store = new AreaStore(area, undefined)
    const model = await madeUpModel('damaged', sizes)
    const { id, key } = model.plan
    await storeMadeUp(store, model)
    const size = (await area.dataSize(id)) ?? 0
    await (await area.openData(id)).write(Uint8Array.of(1, 2, 3), size - 50)
    expect(await store.list()).toMatchObject([{ id, name: 'damaged', state: 'partial', form: planes, keys: [key] }])
    expect(await store.find(key, planes)).toBeUndefined()
    await expect(store.open(id)).rejects.toMatchObject({ code: 'model-not-cached' })
    expect(await storeMadeUp(store, model)).toBe(0)
    expect(await faultsOf(store, model)).toEqual([])
    await store.delete(id)
    expect(await store.list()).toEqual([])
  })
})

describe('importing', () => {
  async function exported(name: string): Promise<Blob> {
    const store = openMemory()
    const model = await madeUpModel(name, sizes)
    await storeMadeUp(store, model)
    return (await store.open(model.plan.id)).blob
  }

  it('brings what was exported, and a second time nothing', async () => {
    const file = await exported('moved')
    const store = openMemory()
    const told: number[] = []
    const model = await importModel(store, file, signal, ({ loaded, total }) => told.push(loaded / total))
    expect(model).toMatchObject({ name: 'moved', state: 'complete', bytes: file.size })
    expect(told).toEqual([1])
    expect(await faultsOf(store, await madeUpModel('moved', sizes))).toEqual([])
    expect(await importModel(store, file, signal)).toEqual(model)
    expect(await store.list()).toEqual([model])
  })

  it('takes the place of a download that was begun, when it is good', async () => {
    const store = openMemory()
    const model = await madeUpModel('begun', sizes)
    const writer = await store.write(model.plan)
    await writer.append(new Uint8Array(99))
    await writer.journal({ of: 'a download' }, { downloaded: 1, total: 2 })
    await writer.close()
    const file = await exported('begun')
    const bad = new Blob(['?', file.slice(1)])
    await expect(importModel(store, bad, signal)).rejects.toMatchObject({ code: 'file-damaged' })
    expect(await store.explainMiss(model.plan.key, planes)).toMatchObject({ model: { downloaded: 1, total: 2 } })
    await importModel(store, file, signal)
    expect(await faultsOf(store, model)).toEqual([])
  })

  it.each([0, 47, 48, 200, 351, 358])('finds that byte %i was changed, and leaves nothing', async (at) => {
    const bytes = new Uint8Array(await (await exported('bad')).arrayBuffer())
    bytes[at] = (bytes[at] ?? 0) ^ 4
    const store = openMemory()
    await expect(importModel(store, new Blob([bytes]), signal)).rejects.toMatchObject({ code: 'file-damaged' })
    expect(await store.list()).toEqual([])
  })

  it('refuses a model that has the name of another', async () => {
    const store = openMemory()
    const [one, two] = [await madeUpModel('one', sizes), await madeUpModel('two', sizes)]
    await storeMadeUp(store, one)
    const { index } = await store.open(one.plan.id)
    const impostor = await store.write(two.plan)
    for (const part of sizes.keys()) await impostor.append(partBytes(one, part))
    await impostor.commit({ ...index, id: two.plan.id })
    const { blob } = await store.open(two.plan.id)
    await expect(importModel(openMemory(), blob, signal)).rejects.toMatchObject({ code: 'file-malformed' })
  })

  it('refuses weights in a form that this version does not read', async () => {
    const other = openMemory()
    const old = await madeUpModel('old', sizes, { ...planes, version: 99 })
    await storeMadeUp(other, old)
    const { blob } = await other.open(old.plan.id)
    const store = openMemory()
    await expect(importModel(store, blob, signal)).rejects.toMatchObject({ code: 'format-unsupported' })
    expect(await store.list()).toEqual([])
  })

  it('does not take over a hash that nobody here has computed', async () => {
    const other = openMemory()
    const model = await madeUpModel('claims', sizes)
    await storeMadeUp(other, model)
    const { blob, index } = await other.open(model.plan.id)
    const end = (await readStoredFile(blob)).trailer.offset
    const claiming = new Blob([blob.slice(0, end), writeIndex({ ...index, hash: 'sampan-model-1:f00d' }, end)])
    expect(await readIndex(claiming)).toHaveProperty('hash')
    const store = openMemory()
    await importModel(store, claiming, signal)
    const { hash: _, ...rest } = index
    expect((await store.open(model.plan.id)).index).toEqual(rest)
  })

  it('ends when it is told to, and is no model of anything else', async () => {
    const store = openMemory()
    const file = await exported('aborted')
    await expect(importModel(store, file, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    const notOne = new Blob(['<!doctype html>', new Uint8Array(99)])
    await expect(importModel(store, notOne, signal)).rejects.toMatchObject({ code: 'file-truncated' })
    expect(await store.list()).toEqual([])
  })
})
