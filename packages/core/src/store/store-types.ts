import type { PackedTensor } from '@sampan/engine'
import type { ModelAbout } from '../hub/remote-model.ts'
import type { StoredForm, StoredModel, StoreKind } from './stored-model.ts'

export type { StoredForm, StoredModel, StoreKind } from './stored-model.ts'

/** A file that was downloaded, and where it lies if it was kept. */
export interface StoredFile {
  readonly path: string
  /** Without its query. */
  readonly url: string
  readonly bytes: number
  readonly sha256?: string
  readonly gitSha1?: string
  readonly etag?: string
  /** In the stored file; of the form `source` only. */
  readonly offset?: number
}

/** Bytes of the stored file, checked when they are read. */
export interface StoredPiece {
  readonly offset: number
  readonly bytes: number
  /** CRC-32C, unsigned. */
  readonly crc: number
}

/**
 * What a stored file says of itself: JSON at its end. The file is [bytes, each part at a multiple of 16][index][trailer of 32 bytes:
 * magic, version, offset, length and CRC-32C of the index]. It is also what `cache.export` gives out.
 */
export interface ModelIndex {
  readonly format: 'sampan-model'
  readonly version: 1
  /** See `modelId`. */
  readonly id: string
  readonly name: string
  /** `RemoteModel.key` of all sources that are known to be this. */
  readonly keys: readonly string[]
  readonly hub?: string
  readonly revision?: string
  readonly checkpoint: 'gguf' | 'safetensors'
  readonly form: StoredForm
  readonly files: readonly StoredFile[]
  /** Files that say how to run the weights and how to talk to them: `config.json`, `tokenizer.json`, … A GGUF file's is all before its tensors. */
  readonly texts: readonly (StoredPiece & { readonly name: string })[]
  /** Of the form `planes`. */
  readonly tensors?: readonly PackedTensor[]
  /** Of the form `source`: all of it, in order. */
  readonly pieces?: readonly StoredPiece[]
  readonly about: ModelAbout
  /** `ModelInfo.hash`. */
  readonly hash?: string
  /** ISO 8601. */
  readonly stored: string
}

/** What is to be stored, before any of it is there. */
export interface ModelPlan {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly form: StoredForm
  /** Bytes that the stored file will take, to be had before a byte is fetched. */
  readonly bytes: number
  /** Bytes to download. */
  readonly total: number
}

/** Why a model that is asked for in some form is not there in it. */
export interface StoreMiss {
  readonly reason:
    | 'absent'
    /** A download of it was begun. */
    | 'partial'
    /** There with other bits a weight. */
    | 'other-bits'
    /** There as planes of another version. */
    | 'old-format'
    /** There as files where planes are wanted, or as planes where files are. */
    | 'other-kind'
  /** What is there instead. */
  readonly model?: StoredModel
}

/** What a browser keeps for this origin. Opened in a Worker for writing; lists and deletes in a page too. */
export interface ModelStore {
  readonly kind: StoreKind
  /** Why it is not OPFS. */
  readonly reason?: string
  /** The complete model that was stored for `key` in `form`; repairs the manifest where that is wrong. */
  find(key: string, form: StoredForm): Promise<StoredModel | undefined>
  /** As `find`, by content. Adds `key` to what is known of the model. */
  findId(id: string, key?: string): Promise<StoredModel | undefined>
  /** Why `find` found nothing; of several reasons the one with the least to download. */
  explainMiss(key: string, form: StoredForm): Promise<StoreMiss>
  list(): Promise<readonly StoredModel[]>
  /** The whole stored file of a complete model, to be read in slices. @throws SampanError `model-not-cached` */
  open(id: string): Promise<{ readonly blob: Blob; readonly index: ModelIndex }>
  /**
   * Goes on where a partial one stands, or begins; not where the model is complete. In a Worker. The caller holds the lock of
   * `lockModel(id)`.
   * @throws SampanError `quota-exceeded`, with the numbers, before anything is written
   */
  write(plan: ModelPlan): Promise<ModelWriter>
  /**
   * Puts right bytes in place of wrong ones, in a Worker. The caller holds the lock of `lockModel(id)`. Blobs of `open` from before may
   * no longer be readable afterwards (`NotReadableError`): open it again.
   * @throws SampanError `file-damaged` where the bytes are not the right ones
   */
  repair(id: string, piece: StoredPiece, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Whole or partial, if it is there. @throws SampanError `model-in-use` when a tab is reading or writing it */
  delete(id: string): Promise<void>
}

/** A stored file that grows. What is not in the journal is as if it had never been, wherever the tab dies. */
export interface ModelWriter {
  /** JSON that the last `journal` call left; undefined: nothing is there yet. */
  readonly resumed: unknown
  /** Bytes there. */
  readonly length: number
  /** At the end, at a multiple of 16; resolves to where. @throws SampanError `quota-exceeded` */
  append(bytes: Uint8Array<ArrayBuffer>): Promise<number>
  /** All that was appended is on disk, and `state` with it: both or neither. */
  journal(state: unknown, progress: { readonly downloaded: number; readonly total: number }): Promise<void>
  /** All behind `length` is as if it had never been, and `state` is as `journal` leaves it. What is there already keeps its place. */
  rewind(
    length: number,
    state: unknown,
    progress: { readonly downloaded: number; readonly total: number },
  ): Promise<void>
  /** The model is complete. */
  commit(index: ModelIndex): Promise<void>
  /** Leaves it for later. */
  close(): Promise<void>
  /** Deletes what is there. */
  discard(): Promise<void>
}
