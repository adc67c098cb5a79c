import type { WeightBits } from '../backend.ts'
import type { HubDescription } from '../hub/hubs.ts'
import type { ModelAbout } from '../hub/remote-model.ts'
import type { GpuKind } from '../load/gpu-kind.ts'
import type { LoadOptions } from '../load/load-types.ts'
import type { StoreKind } from '../store/store-types.ts'
import type { Alternative } from './can-run-types.ts'
import type { ConnectionFacts } from './connection.ts'
import type { CrashMark } from './crash-mark.ts'
import type { PageMemory } from './device-limits.ts'

/** What went wrong, as the errors of `load` tell it. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

/** What a backend takes of the machine, or why it cannot. */
export type Needs =
  | {
      readonly kind: 'needs'
      /** Of GPU memory, or of the page's on the CPU, when the model is loaded. */
      readonly bytes: number
      /** The same with a full context. */
      readonly fullBytes: number
      readonly contextLength: number
      readonly quantization?: string
    }
  | { readonly kind: 'failure'; readonly failure: Failure }

/** What of a model is kept on this device in the form that a backend takes. */
export interface Kept {
  /** Fetched already. */
  readonly cachedBytes: number
  /** Still to be fetched. Absent where the server does not tell. */
  readonly downloadBytes?: number
  /** That the store will take beyond what it has of it. Absent: it is not to be kept. */
  readonly roomBytes?: number
}

export interface ModelFacts {
  readonly name: string
  /** `RemoteModel.key`, or what stands for it; names the model in crash marks. */
  readonly key: string
  readonly format: 'gguf' | 'safetensors' | 'mlc'
  readonly architecture?: string
  readonly about?: ModelAbout
  readonly revision?: string
  /** Of all files, however much of them is here. */
  readonly totalBytes?: number
  /** It comes from the visitor's disk or with the app itself: nobody is asked, and nothing is kept. */
  readonly local: boolean
  readonly sampan?: { readonly needs?: Needs; readonly kept: Kept }
  /** Of GGUF. */
  readonly wllama?: { readonly needs?: Needs; readonly kept: Kept }
  /** It is kept with these bits. */
  readonly otherBits?: { readonly bits?: WeightBits; readonly embeddingBits?: WeightBits }
}

export interface AdapterFacts {
  /** Of those that are to be downloaded. */
  readonly missing: readonly string[]
  readonly kept: Kept
  /** Why one cannot be had. That one does not fit is in the model's needs. */
  readonly failures: readonly Failure[]
}

/** All that a verdict rests on: plain data. */
export interface Facts {
  readonly wish: NonNullable<LoadOptions['backend']>
  /** That the names of models refer to. */
  readonly hub: HubDescription
  /** What could be learnt, and why no more could. */
  readonly model?: ModelFacts
  readonly failure?: Failure
  /** Where some were asked for. */
  readonly adapters?: AdapterFacts
  readonly gpu: GpuKind
  /** A page on https or localhost. */
  readonly secure: boolean
  readonly memory?: PageMemory
  readonly store: { readonly kind: StoreKind; readonly reason?: string; readonly freeBytes?: number }
  readonly online: boolean
  readonly connection: ConnectionFacts
  readonly crashes: readonly CrashMark[]
  /** Of the same model. */
  readonly alternatives: readonly Alternative[]
}
