import { isFetched } from '../acquire/is-fetched.ts'
import type { ModelSource } from '../backend.ts'
import { resolveModel } from '../hub/resolve-model.ts'
import { type OpenedCheckpoint, type OpenOptions, openCheckpoint } from '../sources/open-checkpoint.ts'

/** Opens any source, as a model is that is not kept: found by the store's Worker, and opened by the engine's. */
export async function openSource(source: ModelSource, options: OpenOptions): Promise<OpenedCheckpoint> {
  const found = isFetched(source) ? ({ kind: 'remote', model: await resolveModel(source, options) } as const) : source
  return openCheckpoint(found, options)
}
