import type { LoraOutline } from '@sampan/engine'
import type { ModelSource, WeightBits } from '../backend.ts'
import type { RememberedAnswer } from '../hub/answer-memory.ts'
import type { HubDescription } from '../hub/hubs.ts'
import type { StoredModel } from '../store/stored-model.ts'
import type { Result } from '../worker/error-envelope.ts'
import type { DownloadRequest } from './download-request.ts'

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
