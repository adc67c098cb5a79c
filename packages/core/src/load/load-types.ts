import type { MlcModel, WeightBits } from '../backend.ts'
import type { SampanError } from '../errors.ts'

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
  readonly signal?: AbortSignal
  /**
   * Default `auto`: `mlc:` sources go to web-llm, all others to Sampan's own engine on WebGPU; GGUF files go to wllama, which
   * runs on the CPU, where the browser has no adapter for WebGPU or only one in software.
   */
  readonly backend?: 'auto' | 'sampan' | 'web-llm' | 'wllama'
  /** Default 4. On the CPU a file keeps its own bits. */
  readonly bits?: WeightBits
  /** Of embedding and output head. Default 8, or `bits` where that is more. */
  readonly embeddingBits?: WeightBits
  /** Tokens of prompt and answer together. Default and ceiling: the checkpoint's; on the CPU the default may be less. */
  readonly contextLength?: number
  /** Base URL of the hub that `org/name` refers to. Default `https://huggingface.co`. */
  readonly hub?: string
  /** Called once when the GPU or the Worker is lost; every call on the model fails from then on. */
  readonly onLost?: (error: SampanError) => void
}

/**
 * - `https://…/model.gguf`, or an `https:` folder that holds `config.json`
 * - `org/name`, `org/name@revision`, `org/name:file.gguf` on the hub
 * - `pocket`, the small model of `@sampan/pocket`, where the app imports that package
 * - `mlc:<id>` of web-llm's catalogue, or `{ mlc }` with a model library and weights of one's own
 * - a `.gguf` file, or the files of a folder with `config.json`, from disk
 */
export type LoadSource =
  | string
  | URL
  | Blob
  | Iterable<File>
  | FileSystemFileHandle
  | FileSystemDirectoryHandle
  | { readonly mlc: MlcModel }
