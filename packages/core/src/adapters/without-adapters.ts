import type { ModelInfo } from '../backend.ts'
import { SampanError } from '../errors.ts'

/** Where a model runs that can have no adapters: to leave them out would be another model than was asked for. */
export function withoutAdapters(backend: ModelInfo['backend']): SampanError {
  return new SampanError(
    'option-invalid',
    `Adapters work on Sampan's own engine only, and this model runs on ${backend}: load it with \`backend: 'sampan'\`, or without adapters.`,
    { option: 'adapters', backend },
  )
}
