import { SampanError } from '../errors.ts'
import { checkServer } from './check-server.ts'
import type { LoadOptions, LoadSource } from './load-types.ts'
import type { Target } from './target.ts'

/** Options that say how a model runs on this machine. */
const OF_DEVICES = ['backend', 'bits', 'embeddingBits', 'contextLength', 'prefixCacheBytes'] as const

/**
 * Where a call to `load` begins.
 * @throws SampanError `option-invalid` for a server that is none, and for options that say nothing of servers
 */
export function firstTarget(source: LoadSource, options: LoadOptions): Target {
  const given: unknown = source
  if (typeof given !== 'object' || given === null || !('server' in given))
    return { kind: 'device', backend: options.backend ?? 'auto' }
  for (const option of OF_DEVICES)
    if (options[option] !== undefined && options[option] !== 'auto')
      throw new SampanError('option-invalid', `${option} cannot be chosen for a model on a server: leave it out.`, {
        option,
      })
  return checkServer(given.server, options.consent, 'server')
}
