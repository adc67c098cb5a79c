import { type AdapterUse, blobSource, type LoraAdapter, openLora } from '@sampan/engine'
import { canHash, sha256OfText } from '../sampan/sha256.ts'
import type { AdapterFiles } from './adapter-types.ts'

/** As `hashModel` begins its hashes. */
const SCHEME = 'sampan-model-1'

/** Adapters that stay on the GPU though they are not in use, to be switched to at once. */
const MOST_IDLE = 4

/** Adapters that this Worker has opened, by what names their content: the engine knows again those that it has on the GPU. */
export class AdapterShelf {
  readonly #opened = new Map<string, Promise<LoraAdapter>>()

  /** @throws EngineError of a file that is no adapter, or none that can be used */
  open(list: readonly AdapterFiles[], signal?: AbortSignal): Promise<readonly AdapterUse[]> {
    return Promise.all(list.map(async (files) => ({ adapter: await this.#one(files, signal), scale: files.scale })))
  }

  /** Forgets those of no use for longest, but for a few, and gives them to be unloaded. Those in `used` stay. */
  async surplus(used: readonly AdapterFiles[]): Promise<LoraAdapter[]> {
    const idle = [...this.#opened].filter(([id]) => !used.some((files) => files.id === id))
    const gone = idle.slice(0, Math.max(0, idle.length - MOST_IDLE))
    for (const [id] of gone) this.#opened.delete(id)
    const opened = await Promise.allSettled(gone.map(([, opened]) => opened))
    return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }

  #one(files: AdapterFiles, signal: AbortSignal | undefined): Promise<LoraAdapter> {
    const known = this.#opened.get(files.id)
    if (known) {
      // The last is the one that was of use last.
      this.#opened.delete(files.id)
      this.#opened.set(files.id, known)
      return known
    }
    const { config, name } = files
    const weights = blobSource(files.weights, name)
    const opened = openLora(config === undefined ? { gguf: weights } : { config, weights }, signal)
    this.#opened.set(files.id, opened)
    opened.catch(() => this.#opened.delete(files.id))
    return opened
  }
}

/**
 * Names a model with its adapters: with other adapters, in another order or with other scales it computes something else. Undefined where
 * the browser gives no digests.
 * @param hash of the model alone
 */
export async function hashWithAdapters(
  hash: string | undefined,
  adapters: readonly AdapterFiles[],
): Promise<string | undefined> {
  if (hash === undefined || adapters.length === 0 || !canHash()) return hash
  const list = adapters.map(({ sha256, scale }) => [sha256, scale])
  if (list.some(([digest]) => digest === undefined)) return undefined
  return `${SCHEME}:${await sha256OfText(JSON.stringify([hash, 'adapters', list]))}`
}
