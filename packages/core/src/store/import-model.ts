import { SampanError } from '../errors.ts'
import { PieceChecker } from './check-pieces.ts'
import { piecesOf } from './check-places.ts'
import { checkPlaneVersion } from './check-plane-version.ts'
import { readStoredFile } from './model-file.ts'
import { possibleIds } from './model-id.ts'
import { lockModel } from './model-locks.ts'
import { malformed } from './read-values.ts'
import type { ModelIndex, ModelPlan, ModelStore, StoredModel } from './store-types.ts'

const CHUNK_BYTES = 4 << 20

export interface ImportProgress {
  readonly loaded: number
  readonly total: number
}

/**
 * Puts a file of `cache.export` into the store, in a Worker. All that the file says of itself is checked: places, checksums, and that it is
 * named by the digests of the files that it was made of. That the weights were made of those files cannot be seen from them: who imports a
 * file trusts its maker, as with any model; for that reason the model's `hash` is not taken over.
 * @throws SampanError `file-malformed`, `file-truncated`, `file-limit-exceeded`, `file-damaged`, `format-unsupported`, `quota-exceeded`;
 * the signal's reason
 */
export async function importModel(
  store: ModelStore,
  file: Blob,
  signal: AbortSignal,
  onProgress: (progress: ImportProgress) => void = () => {},
): Promise<StoredModel> {
  const { index: read, trailer } = await readStoredFile(file)
  const { hash: _, ...index } = read
  // Such a model could be kept, but not loaded.
  checkPlaneVersion(index)
  await checkId(index)
  const release = await lockModel(index.id, signal)
  try {
    // Of a model that is there already a file of whoever may not say what else it is.
    return (await store.findId(index.id)) ?? (await copy(store, index, file, trailer.offset, signal, onProgress))
  } finally {
    release()
  }
}

/** What the file is made of, as ids are made of it. */
async function checkId({ id, files, form }: ModelIndex): Promise<void> {
  const identified = files.map(({ bytes, ...file }) => ({ ...file, size: bytes }))
  if (!(await possibleIds(identified, form)).includes(id))
    throw malformed('it is named by other files than it says it was made of', { id })
}

async function copy(
  store: ModelStore,
  index: ModelIndex,
  file: Blob,
  length: number,
  signal: AbortSignal,
  onProgress: (progress: ImportProgress) => void,
): Promise<StoredModel> {
  const { id, name, form, keys } = index
  const plan: ModelPlan = { id, name, key: keys[0] ?? name, form, bytes: file.size, total: length }
  const data = file.slice(0, length)
  let writer = await store.write(plan)
  if (writer.length > 0) {
    // A download that was begun is given up only for a file that is good.
    await writer.close()
    await readChecked(index, data, signal, () => {})
    writer = await store.write(plan)
    await writer.discard()
    writer = await store.write(plan)
  }
  try {
    await readChecked(index, data, signal, async (bytes, loaded) => {
      await writer.append(bytes)
      onProgress({ loaded, total: length })
    })
    await writer.commit(index)
  } catch (error) {
    await writer.discard()
    throw error
  }
  const stored = await store.findId(id)
  if (!stored) throw new SampanError('internal', 'An imported model was gone at once: import it again.', { id })
  return stored
}

/** No journal is kept: a download could not go on from there. */
async function readChecked(
  index: ModelIndex,
  data: Blob,
  signal: AbortSignal,
  take: (bytes: Uint8Array<ArrayBuffer>, loaded: number) => void | Promise<void>,
): Promise<void> {
  const checker = new PieceChecker(piecesOf(index))
  for (let at = 0; at < data.size; at += CHUNK_BYTES) {
    signal.throwIfAborted()
    const loaded = Math.min(at + CHUNK_BYTES, data.size)
    const bytes = new Uint8Array(await data.slice(at, loaded).arrayBuffer())
    checker.take(bytes)
    await take(bytes, loaded)
  }
}
