import { type PackedTensor, packRun } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { lockModel } from '../store/model-locks.ts'
import type { ModelIndex, ModelStore, StoredPiece } from '../store/store-types.ts'
import type { AcquireTools } from './acquire-context.ts'
import { readPiece, weightsOf } from './open-stored.ts'
import type { RemoteCheckpoint } from './remote-checkpoint.ts'

/** Weights of a stored model that can no longer be read as they were written. */
export interface Damage {
  readonly index: ModelIndex
  /** What is stored there, and what to fetch to make it again. */
  readonly wounds: readonly Wound[]
  /** To be fetched, about. */
  readonly bytes: number
}

interface Wound {
  readonly piece: StoredPiece
  readonly tensor?: PackedTensor
}

/**
 * Reads all of a stored model. Undefined where it is better fetched anew: texts are damaged, or its index.
 * @throws the signal's reason
 */
export async function findDamage(store: ModelStore, id: string, signal: AbortSignal): Promise<Damage | undefined> {
  const { blob, index } = await store.open(id)
  const isGood = async (piece: StoredPiece): Promise<boolean> => {
    signal.throwIfAborted()
    return readPiece(blob, piece, id).then(
      () => true,
      () => false,
    )
  }
  for (const text of index.texts) if (!(await isGood(text))) return undefined
  const wounds: Wound[] = []
  for (const piece of index.pieces ?? []) if (!(await isGood(piece))) wounds.push({ piece })
  for (const tensor of index.tensors ?? [])
    for (const piece of tensor.runs) if (!(await isGood(piece))) wounds.push({ piece, tensor })
  // Sources have about as many bits a weight, or 16 of them.
  const scale = index.form.kind === 'planes' && index.form.bits !== undefined ? 4 : 1
  return { index, wounds, bytes: scale * wounds.reduce((sum, { piece }) => sum + piece.bytes, 0) }
}

/**
 * Fetches the wounds' bytes again and writes them over what is there.
 * @throws SampanError `source-changed` where the server no longer has the same files
 */
export async function mend(
  store: ModelStore,
  { index, wounds }: Damage,
  model: RemoteModel,
  opened: RemoteCheckpoint,
  { signal }: Pick<AcquireTools, 'signal'>,
): Promise<void> {
  const release = await lockModel(index.id, signal)
  try {
    for (const { piece, tensor } of wounds) {
      const bytes = tensor
        ? await packRun(opened.checkpoint, tensor, runOf(tensor, piece))
        : await readSource(index, opened, piece, signal)
      await store.repair(index.id, piece, bytes)
    }
  } catch (error) {
    if (!SampanError.isInstance(error) || error.code !== 'file-damaged') throw error
    throw new SampanError(
      'source-changed',
      `${model.name} is no longer what was stored: delete it, and load it anew.`,
      {
        id: index.id,
      },
    )
  } finally {
    release()
  }
}

function runOf({ runs }: PackedTensor, piece: StoredPiece): PackedTensor['runs'][number] {
  const run = runs.find(({ offset }) => offset === piece.offset)
  if (!run) throw new Error('a piece is no run of its tensor')
  return run
}

/** Bytes of a file that is stored as it is. */
async function readSource(
  index: ModelIndex,
  { files }: RemoteCheckpoint,
  { offset, bytes }: StoredPiece,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  for (const [number, { offset: begin = 0, bytes: size }] of weightsOf(index).entries()) {
    const start = offset - begin
    const file = files[number]
    if (file && start >= 0 && start < size) return file.source.read(start, start + bytes, signal)
  }
  throw new Error('a piece is of no file')
}
