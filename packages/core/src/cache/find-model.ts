import { findStored } from '../acquire/find-stored.ts'
import { isFetched } from '../acquire/is-fetched.ts'
import { planesFor } from '../acquire/wanted-form.ts'
import { sourceKey } from '../hub/source-key.ts'
import { checkCallOptions, checkLoadOptions } from '../load/check-load-options.ts'
import { chooseBackend } from '../load/choose-backend.ts'
import { gpuKind } from '../load/gpu-kind.ts'
import type { LoadOptions, LoadSource } from '../load/load-types.ts'
import { describeSource } from '../sources/describe-source.ts'
import type { StoredModel } from '../store/stored-model.ts'

export type FindOptions = Pick<LoadOptions, 'backend' | 'bits' | 'embeddingBits' | 'hub'>

/**
 * The model on this device that `load` with the same source and options would take, without a request; undefined where it would have to be
 * downloaded, and for what is not kept here (files, `pocket`, `mlc:`).
 * @throws SampanError `source-invalid`, `option-invalid`
 */
export async function findModel(source: LoadSource, options?: FindOptions): Promise<StoredModel | undefined> {
  const given = checkCallOptions(options, 'cache.find')
  const plain = checkLoadOptions(given)
  const described = await describeSource(source, plain.hub)
  if (!isFetched(described)) return undefined
  const backend = await chooseBackend(described, given.backend ?? 'auto', gpuKind)
  const form = backend === 'wllama' ? ({ kind: 'source' } as const) : planesFor(plain)
  const { openStore } = await import('../store/open-store.ts')
  return findStored(await openStore(), sourceKey(described, plain.hub), form)
}
