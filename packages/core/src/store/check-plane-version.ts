import { planeFormatVersion } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { ModelIndex } from './store-types.ts'

/** @throws SampanError `format-unsupported` for weights that another version of Sampan packed */
export function checkPlaneVersion({ name, form }: Pick<ModelIndex, 'name' | 'form'>): void {
  if (form.kind === 'source' || form.version === planeFormatVersion) return
  throw new SampanError(
    'format-unsupported',
    `${name} was stored by another version of Sampan, whose weights this one cannot read: load the model from where it came, and export it anew where a file is wanted.`,
    { name, version: form.version, supported: planeFormatVersion },
  )
}
