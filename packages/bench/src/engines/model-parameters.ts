import type { ModelShape } from '@sampan/core'

export interface ModelParameters {
  /** All weights of all matrices; norms and biases, less than a thousandth, are left out. */
  readonly parameters: number
  /** Of the matrices that every token of a prompt is multiplied by: those of the layers. */
  readonly prefillParameters: number
}

/** A decoder with gated feed-forward, as Qwen's and Llama's are. */
export function parametersOf(shape: ModelShape): ModelParameters {
  const { layers, hidden, heads, keyValueHeads, headSize, feedForward, vocabulary, tiedEmbeddings } = shape
  const attention = hidden * headSize * (2 * heads + 2 * keyValueHeads)
  const prefillParameters = layers * (attention + 3 * hidden * feedForward)
  return { prefillParameters, parameters: prefillParameters + vocabulary * hidden * (tiedEmbeddings ? 1 : 2) }
}

/** Of what a token is multiplied with: the layers' matrices and the head, not embedding rows that are looked up. */
export function bitsPerWeight(
  weightBytes: number,
  { vocabulary, hidden }: Pick<ModelShape, 'vocabulary' | 'hidden'>,
  { prefillParameters }: ModelParameters,
): number {
  return (8 * weightBytes) / (prefillParameters + vocabulary * hidden)
}
