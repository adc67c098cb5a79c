import type { WeightBits } from '@sampan/engine'
import type { CaseResult, Total } from './compare.ts'

/** What to verify, the same for every runtime. */
export interface VerifyRequest {
  /** URL of a GGUF file, or of a folder with `config.json`; its server must serve ranges. */
  readonly model: string
  /** Text of the reference file. */
  readonly reference: string
  readonly bits?: WeightBits
}

/** What a run tells on its way; plain data, so that it crosses Workers and processes. */
export type VerifyEvent =
  | { readonly kind: 'progress'; readonly phase: string; readonly loaded: number; readonly total: number }
  | { readonly kind: 'loaded'; readonly adapter: string; readonly software: boolean; readonly milliseconds: number }
  | { readonly kind: 'prefill'; readonly name: string; readonly done: number; readonly total: number }
  | { readonly kind: 'case'; readonly result: CaseResult }
  | { readonly kind: 'end'; readonly total: Total; readonly milliseconds: number }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string }
