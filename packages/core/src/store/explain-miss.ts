import { isSameForm } from './model-id.ts'
import type { StoredForm, StoredModel, StoreMiss } from './store-types.ts'

/** From what has the least to download to what has the most. */
const ORDER: readonly StoreMiss['reason'][] = ['partial', 'old-format', 'other-bits', 'other-kind']

/** Why a source is not there in a form, of what is there. */
export function explainMiss(models: readonly StoredModel[], key: string, form: StoredForm): StoreMiss {
  const misses = models.filter(({ keys }) => keys.includes(key)).flatMap((model) => missOf(model, form) ?? [])
  const [nearest] = misses.toSorted((a, b) => ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason))
  return nearest ?? { reason: 'absent' }
}

function missOf(model: StoredModel, form: StoredForm): StoreMiss | undefined {
  const { state, form: other } = model
  if (isSameForm(other, form)) return state === 'partial' ? { reason: 'partial', model } : undefined
  // Downloads that were begun in another form are of no use in this one.
  if (state === 'partial') return undefined
  if (other.kind !== form.kind) return { reason: 'other-kind', model }
  const isOld = other.kind === 'planes' && form.kind === 'planes' && other.version !== form.version
  return { reason: isOld ? 'old-format' : 'other-bits', model }
}
