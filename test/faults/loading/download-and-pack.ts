import { createHash, type Hash } from 'node:crypto'
import { openGguf, openSafetensors, type PackedTensor, packCheckpoint } from '@sampan/engine'
import { fetchText } from '../../../packages/core/src/acquire/fetch-text.ts'
import { DownloadSource } from '../../../packages/core/src/download/download-source.ts'
import type { HubDescription } from '../../../packages/core/src/hub/hubs.ts'
import { type RemoteSource, resolveModel } from '../../../packages/core/src/hub/resolve-model.ts'
import { browserNetwork } from '../../../packages/core/src/network/network.ts'
import { LASTING } from '../../../packages/core/src/network/patience.ts'
import { seededPick } from '../plan/random.ts'

/** What came of a model: the same for the same files, whatever happened on the way. */
export interface Outcome {
  /** Of each weights file, as it was hashed while it came. */
  readonly sha256: readonly (string | undefined)[]
  /** Of all planes, in the order in which they were appended. */
  readonly planes: string
  readonly tensors: readonly PackedTensor[]
}

export interface DownloadSettings {
  readonly hub: HubDescription
  readonly seed: number
  readonly signal?: AbortSignal
  /** A server that brings no byte for so long counts as dead. */
  readonly stallMs?: number
}

/** What a load does up to the GPU, without a store: finds the files, and packs and hashes them as they come. */
export async function downloadAndPack(source: RemoteSource, settings: DownloadSettings): Promise<Outcome> {
  const { hub, seed, signal = new AbortController().signal, stallMs = 400 } = settings
  const pick = seededPick('pauses', seed)
  const http = { patience: LASTING, firstPauseMs: 0, random: () => pick(1000) / 1000, stallMs }
  const model = await resolveModel(source, { hub, network: browserNetwork, signal, firstPauseMs: 0 })
  const planes = new Planes()
  const files = await Promise.all(
    model.weights.map((file) => DownloadSource.open(file, { network: browserNetwork, signal, http })),
  )
  try {
    const config = model.texts.find(({ path }) => path === 'config.json')
    const [first] = files
    if (!first) throw new Error('a model without weights')
    const text = config && (await fetchText(config, { network: browserNetwork, signal, onBytes: () => {} }))
    const checkpoint = text
      ? await openSafetensors({ config: new TextDecoder().decode(text), weights: files }, signal)
      : await openGguf(first, signal)
    const tensors = await packCheckpoint(checkpoint, { signal, append: (bytes) => planes.append(bytes) })
    const digests = await Promise.all(files.map((file) => file.finish(signal)))
    return { sha256: digests.map(({ sha256 }) => sha256), planes: planes.digest(), tensors }
  } finally {
    for (const file of files) file.close()
  }
}

/** A packed file of which only its hash is kept. */
class Planes {
  readonly #hash: Hash = createHash('sha256')
  #length = 0

  append(bytes: Uint8Array): number {
    const offset = Math.ceil(this.#length / 16) * 16
    this.#hash.update(new Uint8Array(offset - this.#length)).update(bytes)
    this.#length = offset + bytes.length
    return offset
  }

  digest(): string {
    return this.#hash.digest('hex')
  }
}
