import type { PackState } from '@sampan/engine'
import type { ModelIndex, StoredPiece } from '../store/store-types.ts'
import type { FileState } from './downloaded-file.ts'

/** What the journal holds beside the stored bytes: where a download that was cut goes on. */
export interface JournalState {
  readonly version: 1
  readonly texts: ModelIndex['texts']
  /** In the order of `RemoteModel.weights`; null: nothing of it yet. */
  readonly files: readonly (FileState | null)[]
  /** Of the form `planes`. */
  readonly pack?: PackState
  /** Of the form `source`: what is there of the files, in order. */
  readonly pieces?: readonly StoredPiece[]
}

/** What an older version left, or nobody knows who, is begun anew. */
export function readJournalState(value: unknown, fileCount: number): JournalState | undefined {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return undefined
  if (!('texts' in value && Array.isArray(value.texts) && 'files' in value && Array.isArray(value.files)))
    return undefined
  // The journal carries a checksum, and this version wrote it.
  return value.files.length === fileCount ? (value as JournalState) : undefined
}
