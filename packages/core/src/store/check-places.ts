import { exceeded, malformed } from './read-values.ts'
import { MAX_PIECES } from './store-limits.ts'
import type { ModelIndex, StoredPiece } from './store-types.ts'

/** What parts of a stored file begin at a multiple of, in bytes. */
export const ALIGNMENT = 16

interface Place {
  readonly offset: number
  readonly bytes: number
}

/** All that is checked when it is read. */
export function piecesOf({ texts, tensors = [], pieces = [] }: ModelIndex): StoredPiece[] {
  return [...texts, ...tensors.flatMap(({ runs }) => runs), ...pieces]
}

/**
 * Nothing lies outside of the `length` bytes before the index, and nothing over another thing; the pieces of a file as it was leave
 * nothing of it out. A text may lie in such a file.
 * @throws SampanError `file-malformed`, `file-limit-exceeded`
 */
export function checkPlaces(index: ModelIndex, length: number): void {
  const { form, files, texts, tensors = [], pieces = [] } = index
  const runs = tensors.flatMap((tensor) => tensor.runs)
  if (texts.length + runs.length + pieces.length > MAX_PIECES) throw exceeded(`it has more than ${MAX_PIECES} pieces`)
  if ([...texts, ...runs].some(({ offset }) => offset % ALIGNMENT !== 0 && form.kind === 'planes'))
    throw malformed('a part of it begins at an odd place')
  const stored = files.flatMap(({ offset, bytes }) => (offset === undefined ? [] : [{ offset, bytes }]))
  for (const places of form.kind === 'planes' ? [[...texts, ...runs]] : [texts, pieces, stored])
    checkApart(places, length)
  checkCovered(stored, pieces)
}

function checkApart(places: readonly Place[], length: number): void {
  let end = 0
  for (const place of places.toSorted((a, b) => a.offset - b.offset)) {
    if (place.bytes > length || place.offset > length - place.bytes) throw malformed('a part of it lies outside')
    if (place.bytes === 0) continue
    if (place.offset < end) throw malformed('parts of it lie over each other')
    end = place.offset + place.bytes
  }
}

/** Neither files nor pieces lie over each other: one walk over both is enough. */
function checkCovered(files: readonly Place[], pieces: readonly Place[]): void {
  const sorted = pieces.filter(({ bytes }) => bytes > 0).toSorted((a, b) => a.offset - b.offset)
  let next = 0
  for (const { offset, bytes } of files.toSorted((a, b) => a.offset - b.offset)) {
    let at = offset
    while (at < offset + bytes) {
      const piece = sorted[next]
      if (!piece || piece.offset > at) throw malformed('a part of a file is covered by no check')
      at = Math.max(at, piece.offset + piece.bytes)
      // A piece may cover the beginning of the next file too.
      if (at < offset + bytes) next++
    }
  }
}
