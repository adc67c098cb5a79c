import { createStore, get, set } from 'idb-keyval'
import { makeCache } from '../cache/cache.ts'
import { announceProgress, watchProgress } from '../store/announce-progress.ts'
import { importModel } from '../store/import-model.ts'
import { lockModel, useModel } from '../store/model-locks.ts'
import { openStore } from '../store/open-store.ts'
import { OpfsArea } from '../store/opfs-area.ts'
import { faultsOf, madeUpModel, partBytes, planes, storeMadeUp } from './store-models.ts'

/** What tests of the store work with, in a page and in its Workers. */
export const lab = {
  createStore,
  get,
  set,
  announceProgress,
  faultsOf,
  importModel,
  lockModel,
  madeUpModel,
  makeCache,
  openStore,
  partBytes,
  planes,
  storeMadeUp,
  useModel,
  watchProgress,
  /** Changes a byte of a stored model. In a Worker. */
  damage: async (id: string, at: number): Promise<void> => {
    const area = new OpfsArea('sampan')
    const [byte = 0] = await area.readData(id, at, at + 1)
    const data = await area.openData(id)
    await data.write(Uint8Array.of(byte ^ 0x55), at)
    await data.close()
  },
  /** To whoever started this Worker. */
  tell: (message: unknown): void => globalThis.postMessage({ told: message }),
}

export type StoreLab = typeof lab
