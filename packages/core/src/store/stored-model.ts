import type { WeightBits } from '../backend.ts'
import type { ModelAbout } from '../hub/remote-model.ts'

/** In what form a model lies in the store. */
export type StoredForm =
  /** Weights as the GPU takes them. */
  | {
      readonly kind: 'planes'
      /** The engine's `planeFormatVersion`. */
      readonly version: number
      /** Undefined for checkpoints that are quantised already: options change nothing of them. */
      readonly bits?: WeightBits
      readonly embeddingBits?: WeightBits
    }
  /** The weights' files as they were, one after another. */
  | { readonly kind: 'source' }

export type StoreKind = 'opfs' | 'cache-storage' | 'memory'

/** A model in the store, whole or in part. */
export interface StoredModel {
  readonly id: string
  readonly name: string
  readonly keys: readonly string[]
  /** `source` where what is left of a partial one does not tell. */
  readonly form: StoredForm
  readonly state: 'complete' | 'partial'
  /** Bytes that it takes. */
  readonly bytes: number
  /** Of a partial one: what has been downloaded and what there is to download, if that is known. */
  readonly downloaded?: number
  readonly total?: number
  /** ISO 8601. */
  readonly changed: string
  /** Of a complete one. */
  readonly revision?: string
  readonly about?: ModelAbout
}
