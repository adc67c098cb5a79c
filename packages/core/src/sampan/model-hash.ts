import type { ByteSource, Checkpoint, TensorInfo } from '@sampan/engine'
import type { OpenedModel } from '../acquire/open-model.ts'
import type { ModelTexts } from '../sources/open-checkpoint.ts'
import { type DescriptionDigest, describeModelFiles } from './model-hash-description.ts'
import { TensorDigests } from './model-hash-tensors.ts'
import { canHash, sha256OfText } from './sha256.ts'

/** Names the rules below: hashes made by others are not to be compared with these. */
const SCHEME = 'sampan-model-1'

export interface HashedCheckpoint {
  /** To be read instead of the one that was given: its bytes are hashed as they come by. */
  readonly checkpoint: Checkpoint
  /**
   * Undefined where the browser gives no digests. Reads what has not come by till then, and no longer looks on afterwards. To be called once.
   * @throws what the checkpoint's sources throw; the signal's reason
   */
  hash(signal: AbortSignal): Promise<string | undefined>
}

/**
 * Names a model by its content: config, metadata, texts and tensors, not where they come from, in what pieces, or what runs
 * them. Of each tensor name, type, shape and the SHA-256 of every 4 MiB count, since browsers have no digest that can be fed by and by;
 * all of that makes a list, and its SHA-256 the hash. Tensors that no backend reads count too, but for a `lm_head` that
 * the config says is the embedding: that may be large, and would be fetched for this only.
 */
export function hashModel(checkpoint: Checkpoint, texts: ModelTexts): HashedCheckpoint {
  if (!canHash()) return { checkpoint, hash: async () => undefined }
  const counted = countedTensors(checkpoint)
  const watched = new Map<ByteSource, WatchedSource>()
  for (const source of new Set([...checkpoint.tensors.values()].map((tensor) => tensor.source))) {
    const own = counted.filter((tensor) => tensor.source === source)
    watched.set(source, new WatchedSource(source, new TensorDigests(source, own)))
  }
  // Beside the weights, which take longer.
  const describing = describeModelFiles(checkpoint, texts)
  describing.catch(() => {})
  const tensors = new Map<string, TensorInfo>()
  for (const [name, tensor] of checkpoint.tensors)
    tensors.set(name, { ...tensor, source: watched.get(tensor.source) ?? tensor.source })
  return {
    checkpoint: { ...checkpoint, tensors },
    async hash(signal) {
      const description = await describing
      for (const source of watched.values()) await source.finish(signal)
      const digests = await Promise.all(
        counted.map(
          async (tensor) => [tensor, (await watched.get(tensor.source)?.digests.digests(tensor)) ?? []] as const,
        ),
      )
      return hashOfDigests(description, digests)
    },
  }
}

/**
 * As `hashModel`, of a model wherever it is. What was hashed when it was downloaded has been checked since; of one that is packed, and
 * was hashed nowhere, the files are not at hand, and it has no hash.
 */
export function hashOpened({ checkpoint, texts, hash, form }: OpenedModel): HashedCheckpoint {
  if (hash === undefined && form?.kind !== 'planes') return hashModel(checkpoint, texts)
  return { checkpoint, hash: async () => hash }
}

/** Those whose bytes make the hash. */
export function countedTensors({ tensors, config }: Checkpoint): TensorInfo[] {
  return [...tensors.values()].filter(({ name }) => !(config.tiedEmbeddings && name === 'lm_head.weight'))
}

/**
 * The hash of a model whose tensors were read elsewhere.
 * @param digests of each counted tensor, the SHA-256 of every `HASH_PIECE_BYTES`
 */
export async function hashOfDigests(
  description: readonly DescriptionDigest[],
  digests: readonly (readonly [tensor: TensorInfo, pieces: readonly string[]])[],
): Promise<string> {
  const list = digests
    .toSorted(([a], [b]) => (a.name < b.name ? -1 : 1))
    .map(([{ name, type, shape }, pieces]) => [name, type, shape, pieces])
  return `${SCHEME}:${await sha256OfText(JSON.stringify([SCHEME, description, list]))}`
}

/** What an engine waits for at the end of its load; it is given back when that fails. */
export async function orDispose<T>(engine: { dispose(): Promise<void> }, awaited: Promise<T>): Promise<T> {
  try {
    return await awaited
  } catch (error) {
    await engine.dispose()
    throw error
  }
}

/** A file whose bytes are hashed as others read them. */
class WatchedSource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly digests: TensorDigests
  readonly #source: ByteSource
  /** Reads that run beside each other are taken in the order in which they began. */
  #last: Promise<unknown> = Promise.resolve()
  #watching = true

  constructor(source: ByteSource, digests: TensorDigests) {
    this.name = source.name
    this.size = source.size
    this.digests = digests
    this.#source = source
  }

  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const read = this.#source.read(start, end, signal)
    if (!this.#watching) return read
    const before = this.#last
    const taken = read.then(async (bytes) => {
      await before
      await this.digests.take(start, bytes)
      return bytes
    })
    // Its failure is its reader's to hear of.
    this.#last = taken.catch(() => before)
    return taken
  }

  async finish(signal: AbortSignal): Promise<void> {
    this.#watching = false
    await this.#last
    await this.digests.read(signal)
  }
}
