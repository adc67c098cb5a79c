import { type ByteSource, blobSource, type Checkpoint, crc32c, withPacked } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { type OpenedCheckpoint, openFolder, openGgufFiles } from '../sources/open-checkpoint.ts'
import type { ModelIndex, StoredFile, StoredPiece } from '../store/store-types.ts'
import { textsAndFiles } from './remote-checkpoint.ts'

/**
 * A model of the store, or of a file that was exported from one, as a checkpoint: its texts and headers are read and checked, no weights.
 * @param reopen gives the same bytes again: what another tab has mended can no longer be read through Blobs of before
 * @throws SampanError `file-damaged`; what opening a checkpoint throws
 */
export async function openStored(
  blob: Blob,
  index: ModelIndex,
  signal: AbortSignal,
  reopen?: () => Promise<Blob>,
): Promise<OpenedCheckpoint> {
  const texts = new Map<string, Uint8Array<ArrayBuffer>>()
  const heads = new Map<string, Uint8Array<ArrayBuffer>>()
  const weights = weightsOf(index)
  for (const text of index.texts) {
    const isHead = weights.some(({ path }) => path === text.name)
    ;(isHead ? heads : texts).set(text.name, await readPiece(blob, text, index.id))
  }
  signal.throwIfAborted()
  const files = weights.map((file) => sourceOf(file, blob, heads))
  const open = async (path: string): Promise<ByteSource> => {
    const file = files[weights.findIndex((weights) => weights.path === path)]
    if (file) return file
    throw new SampanError('source-not-found', `${index.name} was stored without ${path}: delete it, and load it anew.`)
  }
  const opened =
    index.checkpoint === 'gguf'
      ? await openGgufFiles(files, index.name, signal)
      : await openFolder(textsAndFiles(index.name, texts, weights, open), index.name, signal)
  // They have been read, and the sources live as long as the model.
  heads.clear()
  return {
    ...opened,
    checkpoint: withPlanes(opened.checkpoint, lastingSource(blob, index.name, reopen), index),
    about: index.about,
    ...(index.revision !== undefined && { revision: index.revision }),
  }
}

/** The files that hold tensors, in order. */
export function weightsOf({ checkpoint, files }: ModelIndex): readonly StoredFile[] {
  return checkpoint === 'gguf' ? files : files.filter(({ path }) => /\.safetensors$/i.test(path))
}

/** @throws SampanError `file-damaged` */
export async function readPiece(
  blob: Blob,
  { offset, bytes, crc }: StoredPiece,
  id: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const piece = new Uint8Array(await blob.slice(offset, offset + bytes).arrayBuffer())
  if (piece.length === bytes && crc32c(piece) === crc) return piece
  throw new SampanError(
    'file-damaged',
    `Bytes ${offset} to ${offset + bytes} of the stored model are not what was written: load it again with \`download: 'allow'\` to fetch them anew.`,
    { id, offset, bytes },
  )
}

function withPlanes(checkpoint: Checkpoint, source: ByteSource, { form, tensors }: ModelIndex): Checkpoint {
  return form.kind === 'planes' ? withPacked(checkpoint, source, tensors ?? []) : checkpoint
}

function lastingSource(blob: Blob, name: string, reopen: (() => Promise<Blob>) | undefined): ByteSource {
  let source = blobSource(blob, name)
  return {
    ...{ name, size: blob.size },
    async read(start, end, signal) {
      const before = source
      try {
        return await before.read(start, end, signal)
      } catch (error) {
        if (!reopen || !(error instanceof DOMException && error.name === 'NotReadableError')) throw error
        const again = blobSource(await reopen(), name)
        if (source === before) source = again
        return source.read(start, end, signal)
      }
    },
  }
}

/** A file that is there as it was, or one of which the beginning is, followed by zeros. */
function sourceOf(
  { path, bytes, offset }: StoredFile,
  blob: Blob,
  heads: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): ByteSource {
  if (offset !== undefined) return blobSource(blob.slice(offset, offset + bytes), path)
  return {
    name: path,
    size: bytes,
    // Parsers read ahead; what they find there is not looked at.
    read: async (start, end) => {
      const bytes = new Uint8Array(end - start)
      bytes.set(heads.get(path)?.subarray(start, end) ?? [])
      return bytes
    },
  }
}
