import entries from './catalogue.json' with { type: 'json' }

/**
 * A recommended model. Nothing depends on the list: whatever is not in it loads just as well. Sizes are rounded, and neither revision
 * nor hash is given: the hub tells them when it is asked.
 */
export interface CatalogueEntry {
  readonly source: string
  /** As on the hub: an SPDX identifier in lower case. */
  readonly licence: string
  readonly quantization?: string
  /** To download. */
  readonly bytes: number
  /** On the GPU, with the options' defaults and a short conversation. */
  readonly gpuBytes: number
}

/** Smallest download first. */
export const catalogue: readonly CatalogueEntry[] = entries
