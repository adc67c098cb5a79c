import type { ModelStore, StoredModel } from '../store/store-types.ts'
import type { WantedForm } from './acquire-types.ts'
import { formsFor } from './wanted-form.ts'

/** The complete model that was stored for `key`, if it does for `wanted`. Asks nobody but the store. */
export async function findStored(store: ModelStore, key: string, wanted: WantedForm): Promise<StoredModel | undefined> {
  for (const form of formsFor(wanted)) {
    const found = await store.find(key, form)
    if (found) return found
  }
  return undefined
}
