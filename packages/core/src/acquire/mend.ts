import { type PackedTensor, packRun } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { lockModel } from '../store/model-locks.ts'
import type { ModelIndex, ModelStore, StoredPiece } from '../store/store-types.ts'
import type { AcquireTools } from './acquire-context.ts'
import { fetchText } from './fetch-text.ts'
import { readPiece, weightsOf } from './open-stored.ts'
import type { RemoteCheckpoint } from './remote-checkpoint.ts'

/** Parts of a stored model that can no longer be read as they were written. */
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
  /** The file that it is. */
  readonly text?: string
}

/**
 * Reads all of a stored model.
 * @throws the signal's reason
 */
export async function findDamage(store: ModelStore, id: string, signal: AbortSignal): Promise<Damage> {
  const { blob, index } = await store.open(id)
  const isGood = async (piece: StoredPiece): Promise<boolean> => {
    signal.throwIfAborted()
    return readPiece(blob, piece, id).then(
      () => true,
      () => false,
    )
  }
  const wounds: Wound[] = []
  for (const piece of index.texts) if (!(await isGood(piece))) wounds.push({ piece, text: piece.name })
  for (const piece of index.pieces ?? []) if (!(await isGood(piece))) wounds.push({ piece })
  for (const tensor of index.tensors ?? [])
    for (const piece of tensor.runs) if (!(await isGood(piece))) wounds.push({ piece, tensor })
  // Sources have about as many bits a weight, or 16 of them.
  const scale = index.form.kind === 'planes' && index.form.bits !== undefined ? 4 : 1
  const bytes = wounds.reduce((sum, { piece, tensor }) => sum + (tensor ? scale : 1) * piece.bytes, 0)
  return { index, wounds, bytes }
}

/** What is fetched is not what was stored. */
const OTHER_FILES: ReadonlySet<string> = new Set([
  ...['file-damaged', 'file-truncated', 'source-changed', 'hash-mismatch'],
  ...['tensor-missing', 'tensor-shape-mismatch', 'tensor-values-invalid'],
])

/** Fetches the wounds' bytes again and writes them over what is there. False where the server no longer has the same files. */
export async function mend(
  store: ModelStore,
  { index, wounds }: Damage,
  model: RemoteModel,
  opened: RemoteCheckpoint,
  tools: Tools,
): Promise<boolean> {
  const { signal, onProgress } = tools
  const release = await lockModel(index.id, signal)
  try {
    const total = wounds.reduce((sum, { piece }) => sum + piece.bytes, 0)
    let loaded = 0
    for (const wound of wounds) {
      const { piece } = wound
      await store.repair(index.id, piece, await fetchAgain(wound, index, model, opened, tools))
      loaded += piece.bytes
      onProgress({ phase: 'download', loaded, total })
    }
    return true
  } catch (error) {
    if (SampanError.isInstance(error) && OTHER_FILES.has(error.code)) return false
    throw error
  } finally {
    release()
  }
}

type Tools = Pick<AcquireTools, 'network' | 'signal' | 'onProgress'>

async function fetchAgain(
  { piece, tensor, text }: Wound,
  index: ModelIndex,
  model: RemoteModel,
  opened: RemoteCheckpoint,
  tools: Tools,
): Promise<Uint8Array<ArrayBuffer>> {
  if (tensor) return packRun(opened.checkpoint, tensor, runOf(tensor, piece))
  if (text === undefined) return readSource(index, opened, piece, tools.signal)
  const known = opened.textFiles.get(text) ?? opened.files[model.weights.findIndex(({ path }) => path === text)]?.head
  if (known) return new Uint8Array(await known.arrayBuffer())
  const file = model.texts.find(({ path }) => path === text)
  if (file) return fetchText(file, { ...tools, onBytes: () => {} })
  throw new SampanError('source-changed', `${model.name} has no ${text} any more.`, { id: index.id })
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
