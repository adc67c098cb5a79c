import type { ModelSource } from '../backend.ts'

/** What comes over the network from somebody who need not be the app itself. */
export function isFetched(source: ModelSource): source is ModelSource & { readonly kind: 'url' | 'hub' } {
  if (source.kind === 'hub') return true
  return source.kind === 'url' && source.name === undefined && /^https?:/i.test(source.url)
}
