import type { MlcModel, WeightBits } from '../backend.ts'
import type { SampanError } from '../errors.ts'
import type { FallbackRule, ReplyPlace, ServerConsent, ServerSource } from './fallback-types.ts'

/** How far a load has come. */
export interface LoadProgress {
  /** `open` reads headers and tokenizer, `weights` counts bytes, `compile` GPU programs. Phases may overlap. */
  readonly phase: 'open' | 'weights' | 'compile'
  /** Within the phase; never falls. Bytes in `weights`. */
  readonly loaded: number
  readonly total: number
  /** Of the whole load, 0 … 1; never falls. */
  readonly fraction: number
}

export interface LoadOptions {
  /** What it throws ends the load. */
  readonly onProgress?: (progress: LoadProgress) => void
  /** Aborting rejects `load` with the signal's reason and stops every download. */
  readonly signal?: AbortSignal | undefined
  /**
   * Default `auto`: `mlc:` sources go to web-llm, all others to Sampan's own engine on WebGPU where there is a GPU. Where there is none,
   * or only an adapter in software, GGUF files go to wllama, which runs on the CPU, and others are the error `webgpu-unavailable`.
   */
  readonly backend?: 'auto' | 'sampan' | 'web-llm' | 'wllama'
  /** Default 4. On the CPU a file keeps its own bits. */
  readonly bits?: WeightBits
  /** Of embedding and output head. Default 8, or `bits` where that is more. */
  readonly embeddingBits?: WeightBits
  /** Tokens of prompt and answer together. Default and ceiling: the checkpoint's; on the CPU the default may be less. */
  readonly contextLength?: number
  /**
   * GPU bytes for keys and values of conversations other than the last one, on Sampan's own engine: who comes back to one pays for its
   * new tokens only. Taken as they are needed; 0: none. Default: four full contexts, at most 256 MiB.
   */
  readonly prefixCacheBytes?: number
  /** Base URL of the hub that `org/name` refers to. Default `https://huggingface.co`. */
  readonly hub?: string
  /**
   * Called when the GPU or the Worker is lost. Where `loss.recovering`, the model is made again by itself, from the same source:
   * calls wait, answers that were interrupted go on from their tokens, and `onRecovered` is called, or `onLost` once more. Else every
   * call fails with `error` until `model.reload()`.
   */
  readonly onLost?: (error: SampanError, loss: Loss) => void
  /** Called when a model that was lost answers again by itself. `model.info` tells what it now runs on. */
  readonly onRecovered?: () => void
  /**
   * Servers that this call may send messages to, by origin, each with what is sent along. Without it nothing leaves this machine:
   * `load` and replies fail with `consent-missing` before.
   */
  readonly consent?: ServerConsent
  /**
   * Where to go on when the model cannot be loaded, or cannot answer a request of which nothing was given yet. Default for `auto`: GGUF
   * files go on with wllama when the GPU has no room for them or refuses a kernel while they load.
   */
  readonly fallback?: readonly FallbackRule[]
  /** Called once for every reply (each choice of `n`), before its first part is given: where it is computed. */
  readonly onReply?: (place: ReplyPlace) => void
}

export interface Loss {
  readonly recovering: boolean
}

export interface ReloadOptions {
  /** What it throws ends the reload. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  /** Aborting rejects `reload` with the signal's reason; the model is then not loaded. */
  readonly signal?: AbortSignal | undefined
}

/**
 * - `https://…/model.gguf`, or an `https:` folder that holds `config.json`
 * - `org/name`, `org/name@revision`, `org/name:file.gguf` on the hub
 * - `pocket`, the small model of `@sampan/pocket`, where the app imports that package
 * - `mlc:<id>` of web-llm's catalogue, or `{ mlc }` with a model library and weights of one's own
 * - a `.gguf` file, or the files of a folder with `config.json`, from disk
 * - `{ server }`, a model on a server with OpenAI's API, with `LoadOptions.consent` to it
 */
export type LoadSource =
  | string
  | URL
  | Blob
  | Iterable<File>
  | FileSystemFileHandle
  | FileSystemDirectoryHandle
  | { readonly mlc: MlcModel }
  | { readonly server: ServerSource }
