import type { LoadSource } from '../load/load-types.ts'

/**
 * A LoRA adapter: a repository on the hub, the URL of a folder, or a folder from disk with PEFT's `adapter_config.json` and
 * `adapter_model.safetensors`; or a GGUF file of llama.cpp's, from any of these.
 */
export type AdapterSource = LoadSource | { readonly source: LoadSource; readonly scale?: number }

/** An adapter's files, and how strongly it is to work: plain data that crosses to a Worker. */
export interface AdapterFiles {
  /** Repository id, URL without its query or file name, for people. */
  readonly name: string
  /** Names the content. Where the browser gives no digests: what was asked for. */
  readonly id: string
  readonly sha256?: string
  readonly revision?: string
  /** Text of `adapter_config.json`. Absent: `weights` is a GGUF file. */
  readonly config?: string
  readonly weights: Blob
  readonly scale: number
}

/** An adapter that a model is used with. */
export interface UsedAdapter {
  readonly name: string
  /** What its own scale is multiplied by. */
  readonly scale: number
  /** Lower-case hex, of its files. */
  readonly sha256?: string
  readonly revision?: string
}

export const describeAdapter = ({ name, scale, sha256, revision }: AdapterFiles): UsedAdapter => ({
  ...{ name, scale },
  ...(sha256 !== undefined && { sha256 }),
  ...(revision !== undefined && { revision }),
})
