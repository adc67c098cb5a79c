import type { ModelAbout } from '../hub/remote-model.ts'
import type { StoreKind } from '../store/stored-model.ts'

/** Why there is something to download. */
export type DownloadReason =
  | 'not-cached'
  /** A download that was begun goes on. */
  | 'partial'
  /** The model is kept with other bits a weight; its files were not kept. */
  | 'other-bits'
  /** The model is kept in the form of an older version of Sampan. */
  | 'old-format'
  /** Parts of what is kept can no longer be read. */
  | 'damaged'
  /** The model is kept for the CPU, and is wanted for the GPU, or the other way round. */
  | 'other-kind'

/** A download that nobody has agreed to yet. */
export interface DownloadRequest {
  /** Repository id or URL. */
  readonly source: string
  readonly reason: DownloadReason
  /** To be fetched now. Absent for a model of web-llm whose server does not tell. */
  readonly bytes?: number
  /** Of this download, fetched before. */
  readonly cachedBytes: number
  /** What the model will take on this device. 0: it is not kept. */
  readonly storedBytes: number
  /** Where it will be kept: `memory` is nowhere, for `storeReason`; web-llm keeps its models by itself. */
  readonly store: StoreKind | 'web-llm'
  readonly storeReason?: string
  readonly revision?: string
  /** Licence and origin, as far as its hub tells. */
  readonly about: ModelAbout
}
