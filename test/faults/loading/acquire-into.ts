import { createHash } from 'node:crypto'
import { crc32c } from '@sampan/engine'
import { expect } from 'vitest'
import type { WantedForm } from '../../../packages/core/src/acquire/acquire-types.ts'
import { describeRemote, openRemote, readRemoteTexts } from '../../../packages/core/src/acquire/remote-checkpoint.ts'
import { storeModel } from '../../../packages/core/src/acquire/store-model.ts'
import { formOf } from '../../../packages/core/src/acquire/wanted-form.ts'
import { localHasher } from '../../../packages/core/src/download/hasher.ts'
import { type RemoteSource, resolveModel } from '../../../packages/core/src/hub/resolve-model.ts'
import { browserNetwork } from '../../../packages/core/src/network/network.ts'
import { AreaStore } from '../../../packages/core/src/store/area-store.ts'
import { piecesOf } from '../../../packages/core/src/store/check-places.ts'
import { readStoredFile } from '../../../packages/core/src/store/model-file.ts'
import { modelId } from '../../../packages/core/src/store/model-id.ts'
import type { FakeHub } from '../hub/start-hub.ts'
import type { LossyArea } from './lossy-area.ts'

/** What the store's Worker does once there is consent. @returns the model's id */
export async function acquireInto(
  area: LossyArea,
  hub: Pick<FakeHub, 'url'>,
  source: RemoteSource,
  wanted: WantedForm,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const store = new AreaStore(area, undefined)
  const described = { preset: 'huggingface', base: hub.url, branch: 'main' } as const
  const remote = await resolveModel(source, { hub: described, network: browserNetwork, signal })
  const tools = {
    network: browserNetwork,
    hasher: localHasher(),
    signal,
    onProgress: () => {},
    ask: async () => {},
  }
  const opened = await describeRemote(await readRemoteTexts(remote, await openRemote(remote, tools), tools))
  const form = formOf(opened.checkpoint, wanted)
  const id = await modelId([...remote.texts, ...remote.weights], form)
  if ((await store.findId(id))?.state === 'complete') return id
  const plan = { id, name: remote.name, key: remote.key, form, bytes: 100, total: 100 }
  await storeModel(store, { model: remote, opened, plan, tools, onProgress: () => {}, onBytes: () => {} })
  return id
}

/** SHA-256 of all that is stored, wherever it lies: texts may come in any order. Every checksum must be right. */
export async function storedData(area: LossyArea, id: string): Promise<string> {
  const { index } = await readStoredFile(await area.data(id))
  const texts = index.texts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const hash = createHash('sha256').update(JSON.stringify([index.hash, index.files.length]))
  for (const { offset, bytes, crc } of piecesOf({ ...index, texts })) {
    const piece = await area.readData(id, offset, offset + bytes)
    expect(crc32c(piece)).toBe(crc)
    hash.update(piece)
  }
  return hash.digest('hex')
}
