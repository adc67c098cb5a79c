import { type Checkpoint, type Engine, loadEngine } from '@sampan/engine'
import { type OpenedModel, openModel } from '../acquire/open-model.ts'
import { planesFor, planesOf } from '../acquire/wanted-form.ts'
import { AdapterShelf, hashWithAdapters } from '../adapters/adapter-shelf.ts'
import { type AdapterFiles, describeAdapter } from '../adapters/adapter-types.ts'
import type { Backend, BackendLoadOptions, BackendModel, ModelSource } from '../backend.ts'
import { untilAborted } from '../until-aborted.ts'
import { aboutCheckpoint } from './about-checkpoint.ts'
import { fingerprint, weightFormats } from './fingerprint.ts'
import { type HashedCheckpoint, hashOpened, orDispose } from './model-hash.ts'
import { type Conversation, openConversation } from './open-conversation.ts'
import { RecoveringEngine } from './recovering-engine.ts'
import { SampanModel } from './sampan-model.ts'

/** GGUF and safetensors checkpoints on Sampan's own engine. */
export const sampanBackend: Backend = { name: 'sampan', load }

async function load(source: ModelSource, options: BackendLoadOptions): Promise<BackendModel> {
  const { signal, onProgress, contextLength, prefixCacheBytes } = options
  const { conversation, hashed, again, form, told } = await open(source, options)
  const { bits, embeddingBits } = planesOf(form, options)
  const engineOptions = {
    ...{ bits, embeddingBits },
    ...(contextLength !== undefined && { contextLength }),
    ...(prefixCacheBytes !== undefined && { prefixCacheBytes }),
  }
  const shelf = new AdapterShelf()
  let used = options.adapters ?? []
  let uses = await shelf.open(used, signal)
  const first = await loadEngine(hashed.checkpoint, { ...engineOptions, adapters: uses, onProgress, signal })
  const baseHash = await orDispose(first, hashed.hash(signal))
  let hash = await hashWithAdapters(baseHash, used)
  let latest = first
  /** Once for each loss, however often it is tried. */
  let allowed: Promise<void> | undefined
  const make = async (signal: AbortSignal): Promise<Engine> => {
    if (options.direct) {
      allowed ??= options.askAgain?.()
      await untilAborted(allowed ?? Promise.resolve(), signal)
    }
    let begun = uses
    const made = await loadEngine(again, { ...engineOptions, adapters: begun, signal })
    // They may have been changed meanwhile.
    while (begun !== uses) {
      begun = uses
      await orDispose(made, made.useAdapters(begun, signal))
    }
    latest = made
    allowed = undefined
    return made
  }
  const engine = new RecoveringEngine(first, make, options.onRecovery)
  const setAdapters = async (adapters: readonly AdapterFiles[], signal: AbortSignal): Promise<void> => {
    try {
      const next = await shelf.open(adapters, signal)
      const nextHash = await hashWithAdapters(baseHash, adapters)
      await engine.onLiving(signal, async (signal) => {
        await latest.useAdapters(next, signal)
        // Only what fits: an engine that takes the place of this one is made with them.
        uses = next
      })
      used = adapters
      hash = nextHash
    } finally {
      const idle = await shelf.surplus(used)
      // Those of a GPU that is lost went with it.
      await Promise.allSettled(idle.map((adapter) => latest.unloadAdapter(adapter)))
    }
  }
  const about = {
    ...told,
    // Another device may have taken the place of one that was lost.
    get fingerprint() {
      return fingerprint('sampan', weightFormats(bits, embeddingBits), engine.adapter)
    },
    get hash() {
      return hash
    },
    get adapters() {
      return used.length === 0 ? undefined : used.map(describeAdapter)
    },
  }
  return new SampanModel(engine, conversation, about, setAdapters)
}

interface Opened extends Pick<OpenedModel, 'form'> {
  readonly conversation: Conversation
  readonly hashed: HashedCheckpoint
  /** From the same source, which notices when the file has changed; its texts need not be kept for that. */
  readonly again: Checkpoint
  readonly told: ReturnType<typeof aboutCheckpoint>
}

/** In a function of its own: texts and metadata, which take as much memory as all else, are not held while the weights come. */
async function open(source: ModelSource, options: BackendLoadOptions): Promise<Opened> {
  const { onProgress } = options
  onProgress({ phase: 'open', loaded: 0, total: 1 })
  const opened = await openModel(source, planesFor(options), options)
  const { checkpoint, texts, name, form } = opened
  // Before the weights: what makes a model useless for chat should not cost a download.
  const conversation = openConversation(checkpoint, texts, name)
  onProgress({ phase: 'open', loaded: 1, total: 1 })
  const { checkpoint: watched, hash } = hashOpened(opened)
  const hashed = { checkpoint: withoutMetadata(watched), hash }
  const told = aboutCheckpoint('sampan', opened)
  return { conversation, hashed, again: withoutMetadata(checkpoint), told, ...(form && { form }) }
}

function withoutMetadata(checkpoint: Checkpoint): Checkpoint {
  return { ...checkpoint, metadata: new Map() }
}
