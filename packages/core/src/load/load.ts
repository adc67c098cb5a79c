import { checkFallback } from './check-fallback.ts'
import { checkLoadOptions } from './check-load-options.ts'
import { checkConsent, requireConsent } from './check-server.ts'
import { devicePlaces } from './device-places.ts'
import { firstTarget } from './first-target.ts'
import type { LoadOptions, LoadSource } from './load-types.ts'
import { Model } from './model.ts'
import type { Place } from './place.ts'
import { Places } from './places.ts'
import type { Target } from './target.ts'

/**
 * Loads a model into a Worker of its own. Weights are read in ranges; with WebGPU they go straight to the GPU. A model on a server, which
 * needs `consent`, has no Worker.
 * @throws SampanError with the codes of `SampanErrorCode`; the signal's reason when aborted; what `onProgress` throws, which
 * ends the load.
 */
export async function load(source: LoadSource, options: LoadOptions = {}): Promise<Model> {
  const plain = checkLoadOptions(options)
  checkConsent(options.consent)
  const first = firstTarget(source, options)
  const routes = checkFallback(options.fallback, options.consent, first)
  const signal = options.signal ?? new AbortController().signal
  signal.throwIfAborted()
  const devices = devicePlaces(source, plain, options)
  const open = (target: Target, signal: AbortSignal): Promise<Place> =>
    target.kind === 'device' ? devices.open(target.backend, signal) : openOnServer(target, signal)
  const adapted = (options.adapters?.length ?? 0) > 0
  const places = await Places.open(first, { routes, open, onReply: options.onReply, adapted }, signal)
  devices.loaded()
  return new Model(places, places.info)
}

async function openOnServer(target: Target & { readonly kind: 'server' }, signal: AbortSignal): Promise<Place> {
  const { openServer } = await import('../server/open-server.ts')
  return openServer(target.server, requireConsent(target), signal)
}
