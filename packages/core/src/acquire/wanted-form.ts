import { type Checkpoint, planeFormatVersion } from '@sampan/engine'
import type { BackendLoadOptions } from '../backend.ts'
import type { StoredForm } from '../store/store-types.ts'
import type { WantedForm } from './acquire-types.ts'

/** What the engine makes of such options. */
export function planesFor({ bits = 4, embeddingBits }: Pick<BackendLoadOptions, 'bits' | 'embeddingBits'>): WantedForm {
  return { kind: 'planes', bits, embeddingBits: embeddingBits ?? (bits === 4 ? 8 : bits) }
}

const FLOATS: ReadonlySet<string> = new Set(['F32', 'F16', 'BF16'])

/** In what form a checkpoint is kept so that it does for `wanted`. */
export function formOf({ tensors }: Checkpoint, wanted: WantedForm): StoredForm {
  if (wanted.kind === 'source') return wanted
  const hasFloats = [...tensors.values()].some(({ type, shape }) => shape.length > 1 && FLOATS.has(type))
  return hasFloats ? floatForm(wanted) : { kind: 'planes', version: planeFormatVersion }
}

/** Forms that would do where the checkpoint is not known. */
export function formsFor(wanted: WantedForm): readonly StoredForm[] {
  if (wanted.kind === 'source') return [wanted]
  return [{ kind: 'planes', version: planeFormatVersion }, floatForm(wanted)]
}

function floatForm({ bits, embeddingBits }: WantedForm & { readonly kind: 'planes' }): StoredForm {
  return { kind: 'planes', version: planeFormatVersion, bits, embeddingBits }
}
