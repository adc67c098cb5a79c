import { planesFor } from '../acquire/wanted-form.ts'
import type { AdapterInfo, WeightBits } from '../backend.ts'
import { version } from '../version.ts'

/** What the kernels of an adapter are chosen by. */
const telling = ['shader-f16', 'subgroups']

/**
 * Names what an answer's text depends on beside model and request: the build, the device and how weights are stored on it.
 * @param formats what else the arithmetic depends on, such as bits of the weights
 */
export function fingerprint(engine: string, formats: readonly string[], adapter?: AdapterInfo): string {
  const device = adapter
    ? [
        adapter.vendor,
        adapter.architecture,
        adapter.description,
        ...telling.filter((f) => adapter.features.includes(f)),
      ]
    : ['cpu']
  const words = [`${engine}-${version}`, ...device, ...formats]
  return words
    .filter((word) => word !== '')
    .map((word) =>
      word
        .trim()
        .toLowerCase()
        .replaceAll(/[^a-z0-9.]+/g, '-'),
    )
    .join('_')
}

/** Bits of weights as the GPU has them, those of embedding and head only where they are not what goes with the others. */
export function weightFormats(bits: WeightBits, embeddingBits: WeightBits): readonly string[] {
  return embeddingBits === planesFor({ bits }).embeddingBits ? [`w${bits}`] : [`w${bits}`, `e${embeddingBits}`]
}
