import { readForm } from './read-form.ts'
import { isObject, readList, readString } from './read-values.ts'
import { Slots } from './slots.ts'
import type { StoreArea } from './store-area.ts'
import { MAX_KEYS } from './store-limits.ts'
import type { StoredForm } from './store-types.ts'

/** What may be learnt of a model after it was stored, and what to call it when its own index is damaged. */
export interface Sidecar {
  readonly version: 1
  readonly name: string
  readonly form: StoredForm
  readonly keys: readonly string[]
}

export async function readSidecar(area: StoreArea, id: string): Promise<Sidecar | undefined> {
  const [latest] = (await new Slots(area, id, 'sidecar').read()).flatMap((value) => parseSidecar(value) ?? [])
  return latest
}

/** With these keys besides those that it has. */
export async function addToSidecar(area: StoreArea, id: string, more: Omit<Sidecar, 'version'>): Promise<void> {
  const slots = new Slots(area, id, 'sidecar')
  const [before] = (await slots.read()).flatMap((value) => parseSidecar(value) ?? [])
  const keys = mergeKeys(before?.keys ?? [], more.keys)
  if (before && keys.length === before.keys.length) return
  const sidecar: Sidecar = { version: 1, name: more.name, form: more.form, keys }
  await slots.write(sidecar)
}

/** The latest of them, where there are too many. */
export function mergeKeys(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].slice(-MAX_KEYS)
}

function parseSidecar(value: unknown): Sidecar | undefined {
  if (!isObject(value) || value['version'] !== 1) return undefined
  try {
    return {
      version: 1,
      name: readString(value['name'], 'name'),
      form: readForm(value['form'], 'form'),
      keys: readList(value['keys'], 'keys', MAX_KEYS, readString),
    }
  } catch {
    return undefined
  }
}
