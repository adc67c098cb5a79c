import { packStateBefore } from '@sampan/engine'
import type { ModelIndex, StoredForm, StoredPiece } from '../store/store-types.ts'
import type { JournalState } from './journal-state.ts'
import type { RemoteCheckpoint } from './remote-checkpoint.ts'

/** What is there of a model's weights. */
export type Stored = Pick<JournalState, 'pack' | 'pieces'>

/** What was there before anything of one file was; `dropped` are that file and those that are stored after it. */
export function storedBefore(
  index: number,
  { pack, pieces }: Stored,
  { checkpoint, files }: RemoteCheckpoint,
  form: StoredForm,
): Stored & { readonly dropped: ReadonlySet<number> } {
  const source = files[index]?.source
  if (!source) throw new Error('there is no such file')
  switch (form.kind) {
    case 'planes': {
      const { bits, embeddingBits } = form
      const none = { reads: 0, tensors: [], again: [] }
      const before = packStateBefore(checkpoint, { bits, embeddingBits }, pack ?? none, source)
      const dropped = files.flatMap((file, at) => (before.dropped.has(file.source) ? at : []))
      return { ...(pack && { pack: before.state }), dropped: new Set(dropped) }
    }
    case 'source': {
      const bytes = files.slice(0, index).reduce((sum, file) => sum + file.source.size, 0)
      const dropped = new Set(files.flatMap((_, at) => (at >= index ? at : [])))
      return { ...(pieces && { pieces: firstPieces(pieces, bytes) }), dropped }
    }
    default:
      return form satisfies never
  }
}

/** Where the last of it ends. */
export function storedLength(texts: ModelIndex['texts'], { pack, pieces = [] }: Stored): number {
  const all = [...texts, ...pieces, ...(pack?.tensors ?? []).flatMap(({ runs }) => runs)]
  return all.reduce((end, { offset, bytes }) => Math.max(end, offset + bytes), 0)
}

/** They cover the files in order, and end where a file ends. */
function firstPieces(pieces: readonly StoredPiece[], bytes: number): readonly StoredPiece[] {
  let end = 0
  return pieces.filter((piece) => {
    end += piece.bytes
    return end <= bytes
  })
}
