import type { BackendLoadOptions, ModelFile, ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { sourceKey } from '../hub/source-key.ts'
import { type OpenedCheckpoint, openCheckpoint } from '../sources/open-checkpoint.ts'
import { checkPlaneVersion } from '../store/check-plane-version.ts'
import { isModelFile, readIndex } from '../store/model-file.ts'
import { useModel } from '../store/model-locks.ts'
import { openStore } from '../store/open-store.ts'
import type { ModelIndex, StoredForm } from '../store/store-types.ts'
import type { WantedForm } from './acquire-types.ts'
import { findStored } from './find-stored.ts'
import { isFetched } from './is-fetched.ts'
import { openStored, readPiece, weightsOf } from './open-stored.ts'

export interface OpenedModel extends OpenedCheckpoint {
  /** Of a model in the store: what it was hashed to be when it was downloaded here. */
  readonly hash?: string
  readonly files?: readonly ModelFile[]
  readonly form?: StoredForm
  /** The whole file of a model in one, where it is on disk as it is. */
  readonly blob?: Blob
}

/**
 * Opens a model where it is: in the store, on disk, or beside the app. One that would have to be fetched is not, unless `direct` says so.
 * What is opened in the store is kept from being deleted as long as this Worker lives.
 * @throws SampanError `model-not-cached`; `format-unsupported` for a stored form that this backend or version cannot load; what opening a checkpoint throws
 */
export async function openModel(
  source: ModelSource,
  wanted: WantedForm,
  options: Pick<BackendLoadOptions, 'hub' | 'direct' | 'network' | 'signal'>,
): Promise<OpenedModel> {
  const { signal } = options
  if (source.kind === 'stored') return openById(source.id, wanted, signal)
  if (source.kind === 'blob' && (await isModelFile(source.blob))) {
    // Nobody has checked what it says to be its hash.
    const { hash: _, ...index } = await readIndex(source.blob)
    return openFile(source.blob, index, wanted, signal)
  }
  if (source.kind === 'blob') return { ...(await openCheckpoint(source, options)), blob: source.blob }
  if (options.direct || !isFetched(source)) return openCheckpoint(source, options)
  const key = sourceKey(source, options.hub)
  const found = await findStored(await openStore(), key, wanted)
  if (found) return openById(found.id, wanted, signal)
  throw new SampanError('model-not-cached', `${key} is not on this device: load it with \`download: 'allow'\`.`, {
    key,
  })
}

async function openById(id: string, wanted: WantedForm, signal: AbortSignal): Promise<OpenedModel> {
  await useModel(id)
  const store = await openStore()
  const { blob, index } = await store.open(id)
  return openFile(blob, index, wanted, signal, async () => (await store.open(id)).blob)
}

async function openFile(
  blob: Blob,
  index: ModelIndex,
  wanted: WantedForm,
  signal: AbortSignal,
  reopen?: () => Promise<Blob>,
): Promise<OpenedModel> {
  const { hash, files, form, name, id } = index
  if (form.kind !== wanted.kind)
    throw new SampanError(
      'format-unsupported',
      `${name} is stored as ${form.kind === 'planes' ? 'a GPU takes it' : 'llama.cpp takes it, on the CPU'}, which this backend cannot load: load the model from where it came.`,
      { form: form.kind },
    )
  checkPlaneVersion(index)
  // Here nobody else does it.
  for (const piece of index.pieces ?? []) await readPiece(blob, piece, id)
  const [first, ...others] = weightsOf(index)
  const offset = others.length === 0 ? first?.offset : undefined
  return {
    ...(await openStored(blob, index, signal, reopen)),
    form,
    ...(first && offset !== undefined && { blob: blob.slice(offset, offset + first.bytes) }),
    ...(hash !== undefined && { hash }),
    files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, ...(sha256 !== undefined && { sha256 }) })),
  }
}
