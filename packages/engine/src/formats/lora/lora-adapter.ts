import type { TensorInfo } from '../checkpoint.ts'

/** A low-rank change of one matrix of the base: W + scale · B A. */
export interface LoraTarget {
  /** Canonical name of the matrix (`layers.0.self_attn.q_proj.weight`). */
  readonly name: string
  readonly rank: number
  /** `[rank, inputs]` */
  readonly a: TensorInfo
  /** `[outputs, rank]` */
  readonly b: TensorInfo
  /** `alpha / rank`, or `alpha / √rank` where the adapter was trained so. */
  readonly scale: number
}

/** What is told of a change by its tensors' shapes and types: plain data. */
export type LoraTargetOutline = Pick<LoraTarget, 'name' | 'rank' | 'scale'> & {
  readonly a: Pick<TensorInfo, 'shape' | 'type'>
  readonly b: Pick<TensorInfo, 'shape' | 'type'>
}

/**
 * What tells whether an adapter fits a model, and what it takes of the GPU: plain data, which crosses to a Worker. Every `LoraAdapter` is one
 * that also knows where its numbers are.
 */
export interface LoraOutline<Target extends LoraTargetOutline = LoraTargetOutline> {
  readonly name: string
  readonly baseModel: string | undefined
  readonly architecture: string | undefined
  readonly targets: ReadonlyMap<string, Target>
}

/** A LoRA adapter in one vocabulary whatever its file format; its numbers have not been read. */
export interface LoraAdapter {
  readonly format: 'peft' | 'gguf'
  /** Of its file of weights, for people. */
  readonly name: string
  /** What it says it was trained on: a repository's name, or a path on somebody's disk. Nothing is checked by it. */
  readonly baseModel: string | undefined
  /** `model_type` that it must be used with; undefined where it does not tell. */
  readonly architecture: string | undefined
  /** B's rows of q and k are in llama.cpp's interleaved-rope order (see `TensorInfo.interleavedRopeHeadSize`). */
  readonly interleavedRope: boolean
  /** By canonical name. */
  readonly targets: ReadonlyMap<string, LoraTarget>
}
