import { readForm } from './read-form.ts'
import { isObject, readNumber, readObject, readString } from './read-values.ts'
import type { ModelPlan } from './store-types.ts'

/** What a partial model says of itself. */
export interface DownloadJournal {
  readonly version: 1
  readonly plan: ModelPlan
  /** Bytes of the data that count. */
  readonly length: number
  readonly downloaded: number
  readonly total: number
  readonly changed: string
  /** The caller's. */
  readonly state?: unknown
}

/** Undefined where it is another version's. */
export function readJournal(value: unknown): DownloadJournal | undefined {
  if (!isObject(value) || value['version'] !== 1) return undefined
  try {
    return {
      version: 1,
      plan: readPlan(value['plan']),
      length: readNumber(value['length'], 'length', 0),
      downloaded: readNumber(value['downloaded'], 'downloaded', 0),
      total: readNumber(value['total'], 'total', 0),
      changed: readString(value['changed'], 'changed'),
      state: value['state'],
    }
  } catch {
    return undefined
  }
}

function readPlan(value: unknown): ModelPlan {
  const plan = readObject(value, 'plan')
  return {
    id: readString(plan['id'], 'plan.id'),
    name: readString(plan['name'], 'plan.name'),
    key: readString(plan['key'], 'plan.key'),
    form: readForm(plan['form'], 'plan.form'),
    bytes: readNumber(plan['bytes'], 'plan.bytes', 0),
    total: readNumber(plan['total'], 'plan.total', 0),
  }
}
