import type { ModelAbout } from '../hub/remote-model.ts'
import type { LoadOptions } from '../load/load-types.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'

/** Of the options of `load` those that matter to whether and how a model runs. */
export interface CanRunOptions
  extends Pick<
    LoadOptions,
    | 'backend'
    | 'bits'
    | 'embeddingBits'
    | 'contextLength'
    | 'prefixCacheBytes'
    | 'hub'
    | 'token'
    | 'cache'
    | 'fetch'
    | 'headers'
    | 'signal'
    | 'adapters'
  > {
  /** False: the hub is not asked for smaller forms of the model, which costs a few small requests. Default true. */
  readonly alternatives?: boolean
}

/** Why a model cannot run, or what there is to know before it does. A closed set; codes do not change their meaning. */
export type ReasonCode =
  /** No such file, repository or revision, or a private one. */
  | 'not-found'
  /** The owner of the model wants a login, or terms to be accepted. */
  | 'gated'
  /** No connection, and not all of the model is on this device. */
  | 'offline'
  /** The server answers with an error of its own, or does not serve files as it must. */
  | 'source-unavailable'
  /** Several files would do, and the source names none of them. */
  | 'ambiguous'
  /** What the source names is damaged, or no model at all. */
  | 'file-invalid'
  | 'architecture-unknown'
  | 'format-unsupported'
  /** The page is not on https or localhost, and so has no WebGPU. */
  | 'insecure-origin'
  | 'no-webgpu'
  /** The only adapter is a CPU that pretends to be a GPU. */
  | 'software-adapter'
  | 'adapter-limit'
  /** Known devices of this kind have no such memory for a page. An estimate. */
  | 'gpu-memory'
  /** WebAssembly's or the browser's memory, where the CPU would have to run the model. */
  | 'cpu-memory'
  /** An adapter was made for another model. */
  | 'adapter-mismatch'
  /** The browser does not give this site the room. */
  | 'quota'
  /** What is downloaded is gone with the tab. */
  | 'storage-not-kept'
  /** The page ended while it loaded this model, or one no larger. */
  | 'crashed-last-time'
  /** The model is on this device, packed with other bits a weight. */
  | 'other-bits-cached'
  | 'download-needed'
  /** The visitor saves data, or pays for it. */
  | 'metered'

export interface Reason {
  readonly code: ReasonCode
  /** What is the matter, and the next step. */
  readonly message: string
  /** `blocks`: `load` would fail, or end the page. */
  readonly severity: 'blocks' | 'warns'
  /** Plain data: the numbers in the message. */
  readonly details: Readonly<Record<string, unknown>>
}

/** Another source that asks less of the machine. */
export interface Alternative {
  /** For `canRun` and `load`. */
  readonly source: string
  /** `same-model`: fewer bits a weight. `other-model`: a smaller one of the catalogue. */
  readonly relation: 'same-model' | 'other-model'
  /** To download. Of other models an estimate, known to the first digit or two. */
  readonly bytes?: number
  readonly quantization?: string
  readonly licence?: string
}

export interface Verdict {
  /** Nothing blocks: `load` with the same options will do, once the download is allowed. */
  readonly ok: boolean
  /** What would run it. Absent where nothing on this machine does. */
  readonly backend?: DeviceBackend
  /** Still to be fetched, with the adapters; 0 for what is on this device. Absent where it cannot be known beforehand. */
  readonly downloadBytes?: number
  /** On this device already, whole or in part. */
  readonly cachedBytes: number
  /** What the GPU will hold when the model is loaded, before the first prompt. Absent on the CPU and where no header tells. */
  readonly gpuBytes?: number
  /** The same when a conversation has filled the context. */
  readonly gpuBytesAtFullContext?: number
  /** Tokens of prompt and answer together. */
  readonly contextLength?: number
  /** `model_type` of the checkpoint. */
  readonly architecture?: string
  /** What most of its weights are when they run: `Q4_K_M`, `BF16`, or `4 bits` where they are quantised while they load. */
  readonly quantization?: string
  /** Who made it and what may be done with it, as far as its hub tells. */
  readonly about?: ModelAbout
  /** The commit that was looked at. */
  readonly revision?: string
  /** Smallest first. */
  readonly alternatives: readonly Alternative[]
  /** What blocks comes first. */
  readonly reasons: readonly Reason[]
}
