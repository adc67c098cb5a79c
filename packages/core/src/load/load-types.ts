import type { DownloadConsent } from '../acquire/consent.ts'
import type { AdapterSource } from '../adapters/adapter-types.ts'
import type { MlcModel, WeightBits } from '../backend.ts'
import type { SampanError } from '../errors.ts'
import type { NetworkHooks } from '../network/network-hooks.ts'
import type { FallbackRule, ReplyPlace, ServerConsent, ServerSource } from './fallback-types.ts'

/** How far a load has come. */
export interface LoadProgress {
  /**
   * `open` reads headers and tokenizer, `download` brings a model to this device, `weights` reads it from there and counts bytes, `compile` GPU
   * programs. Phases may overlap.
   */
  readonly phase: 'open' | 'download' | 'weights' | 'compile'
  /** Within the phase; never falls. Bytes in `download` and `weights`. */
  readonly loaded: number
  readonly total: number
  /** Of the whole load, 0 … 1; never falls. */
  readonly fraction: number
  /** Of a download, as it has been going lately. */
  readonly bytesPerSecond?: number
  /** Until a download is done, at that rate. */
  readonly secondsLeft?: number
}

export interface LoadOptions extends NetworkHooks {
  /**
   * Whether a model that is not on this device may be downloaded: `allow`, or a function that asks the visitor, who is told the bytes. Without
   * it `load` is the error `download-required`, before a byte of weights is fetched. Once downloaded, a model loads without a request. What
   * another tab is downloading is waited for, unasked.
   */
  readonly download?: DownloadConsent | undefined
  /**
   * False: a download is not kept on this device; weights stream straight to the GPU, and `download` is asked again when they must be
   * fetched once more because that GPU was lost. Default true.
   */
  readonly cache?: boolean
  /**
   * What to do with a model whose last load ended the page without a word, as phones end pages for want of memory. Default `refuse`: the
   * error `crashed-last-time`, so that nothing that loads by itself does so for ever. `load`: the visitor wants to try again.
   */
  readonly afterCrash?: 'refuse' | 'load'
  /** Of a user of the hub, for gated and private models. Sent to the hub alone; neither kept nor logged. */
  readonly token?: string
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
  /**
   * LoRA adapters to answer with, on Sampan's own engine. Each from the hub or a URL is a download of its own, asked for by `download` after
   * its model's, and kept where `cache` is not false. One that does not fit is the error `adapter-mismatch`, before anybody is asked.
   * `model.setAdapters` changes them. While there are any, rules of `fallback` that lead where a model can have none are passed over.
   */
  readonly adapters?: readonly AdapterSource[]
  /**
   * The hub that `org/name` refers to: `huggingface` (the default), `modelscope`, or the base URL of a mirror that speaks as Hugging Face
   * does.
   */
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
 * - from disk a `.gguf` file, all parts of one, or a folder with `config.json`: its files, its handle, or its entry (`webkitGetAsEntry()`) where
 *   it was dropped
 * - `{ server }`, a model on a server with OpenAI's API, with `LoadOptions.consent` to it
 */
export type LoadSource =
  | string
  | URL
  | Blob
  | Iterable<File>
  | FileSystemFileHandle
  | FileSystemDirectoryHandle
  | FileSystemEntry
  | { readonly mlc: MlcModel }
  | { readonly server: ServerSource }
