import type { BufferLimits } from '../device/buffer-size.ts'
import type { LedgerSnapshot, LoadEngineOptions } from '../engine-types.ts'
import type { EngineErrorCode } from '../errors.ts'
import type { LoraOutline } from '../formats/lora/lora-adapter.ts'

/** What is known of an adapter before a device is asked of it. */
export interface GpuTraits {
  /** `adapter.limits`: what the engine's own device would have. */
  readonly limits: BufferLimits
  readonly features: readonly string[]
  /** `describeAdapter(…).software` */
  readonly software: boolean
}

export type GpuPlanOptions = Pick<
  LoadEngineOptions,
  'bits' | 'embeddingBits' | 'contextLength' | 'keyValueType' | 'prefixCacheBytes'
> & {
  /** Of the adapters that it is to be loaded with. */
  readonly outlines?: readonly LoraOutline[]
}

/** Why a model cannot be loaded on a device: what `loadEngine` would throw. */
export interface GpuProblem {
  readonly code: EngineErrorCode
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

/** GPU memory that a model takes, in bytes. */
export interface GpuPlan {
  /** What `engine.ledger()` reads after `loadEngine`. */
  readonly afterLoad: LedgerSnapshot
  /**
   * With a full context, and with as much of other conversations as is kept. Options of generation (penalties, masks, logprobs),
   * scoring and adapters of later come on top.
   */
  readonly atFullContext: number
  readonly largestBuffer: number
  /** Tokens: what was asked for, the checkpoint's, or what one buffer of this device holds. */
  readonly contextLength: number
  /** Empty: it can be loaded. */
  readonly problems: readonly GpuProblem[]
}
