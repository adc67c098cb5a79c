import type { LoraOutline } from '@sampan/engine'
import type { ModelSource, WeightBits } from '../backend.ts'
import type { RememberedAnswer } from '../hub/answer-memory.ts'
import type { HubDescription } from '../hub/hubs.ts'
import type { ModelAbout } from '../hub/remote-model.ts'
import type { StoredModel, StoreKind } from '../store/stored-model.ts'
import type { Result } from '../worker/error-envelope.ts'

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

/** In what form a model is wanted: as the GPU takes it, or the files as they are, for the CPU. */
export type WantedForm =
  | { readonly kind: 'planes'; readonly bits: WeightBits; readonly embeddingBits: WeightBits }
  | { readonly kind: 'source' }

/** What the store's Worker is asked for. */
export interface AcquireRequest {
  readonly source: ModelSource
  readonly hub: HubDescription
  readonly token?: string
  readonly form: WantedForm
  /** As it will be loaded with. */
  readonly contextLength?: number
  /** False: the model is not kept. */
  readonly keep: boolean
  /** Of the adapters that it will be loaded with: those that do not fit it are told before anything is downloaded. */
  readonly adapters?: readonly LoraOutline[]
  /** Parts of what is stored can no longer be read: they are fetched again. */
  readonly damaged?: boolean
  /** What servers told of it a moment ago. */
  readonly answers?: readonly RememberedAnswer[]
}

export interface AcquireProgress {
  readonly phase: 'open' | 'download'
  readonly loaded: number
  readonly total: number
  /** Of the download, as it has been going lately. */
  readonly bytesPerSecond?: number
  readonly secondsLeft?: number
}

/** A model that is on this device, or may be read from where it is. */
export type Acquired =
  | { readonly kind: 'stored'; readonly id: string }
  /** It is not kept: to be read from `source`, where it was found. */
  | {
      readonly kind: 'direct'
      readonly source: ModelSource
      /** What was allowed, and is to be asked for again before it is fetched once more. */
      readonly request: DownloadRequest
    }

/** What the store's Worker answers over comlink. */
export interface StoreWorkerApi {
  start(life: string | undefined): Promise<Result<boolean>>
  /**
   * @param events carries `AcquireEvent`s
   * @param hashers the ports of two Workers that hash
   * @param network the port of the page's own `fetch` and `headers`, where it has some
   */
  acquire(
    request: AcquireRequest,
    events: MessagePort,
    hashers: readonly [wholes: MessagePort, pieces: MessagePort],
    network: MessagePort | undefined,
  ): Promise<Result<Acquired>>
  /** Puts a file of `cache.export` into the store. */
  importModel(file: Blob, events: MessagePort): Promise<Result<StoredModel>>
}

/** Store's Worker → page. */
export type AcquireEvent =
  | { readonly type: 'progress'; readonly progress: AcquireProgress }
  /** To be answered by an `AcquireCommand`. */
  | { readonly type: 'consent'; readonly request: DownloadRequest; readonly answers: readonly RememberedAnswer[] }

/** Store's Worker → page, of an import. */
export interface ImportEvent {
  readonly phase: 'import'
  readonly loaded: number
  readonly total: number
}

/** Page → store's Worker: somebody has agreed. Who does not agree ends the Worker. */
export type AcquireCommand = { readonly type: 'allowed' }
