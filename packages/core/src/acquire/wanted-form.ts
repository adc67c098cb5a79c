import { type Checkpoint, planeFormatVersion } from '@sampan/engine'
import type { WeightBits } from '../backend.ts'
import type { StoredForm } from '../store/stored-model.ts'
import type { WantedForm } from './acquire-types.ts'

type WantedPlanes = Extract<WantedForm, { readonly kind: 'planes' }>

interface AskedBits {
  readonly bits?: WeightBits | undefined
  readonly embeddingBits?: WeightBits | undefined
}

/** What the engine makes of such options. */
export function planesFor({ bits = 4, embeddingBits }: AskedBits): WantedPlanes {
  return { kind: 'planes', bits, embeddingBits: embeddingBits ?? (bits === 4 ? 8 : bits) }
}

/** As `planesFor`, of what is stored in a form: options that are not given are those of then. */
export function planesOf(form: StoredForm | undefined, { bits, embeddingBits }: AskedBits): WantedPlanes {
  const packed = form?.kind === 'planes' ? form : undefined
  return planesFor({ bits: bits ?? packed?.bits, embeddingBits: embeddingBits ?? packed?.embeddingBits })
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

function floatForm({ bits, embeddingBits }: WantedPlanes): StoredForm {
  return { kind: 'planes', version: planeFormatVersion, bits, embeddingBits }
}
