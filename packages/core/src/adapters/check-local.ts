import { type Checkpoint, checkLora, type LoraOutline } from '@sampan/engine'
import { findStored } from '../acquire/find-stored.ts'
import { isFetched } from '../acquire/is-fetched.ts'
import { openModel } from '../acquire/open-model.ts'
import { openStored } from '../acquire/open-stored.ts'
import { planesFor } from '../acquire/wanted-form.ts'
import type { ModelSource } from '../backend.ts'
import { sourceKey } from '../hub/source-key.ts'
import { browserNetwork } from '../network/network.ts'
import { openStore } from '../store/open-store.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'

/**
 * Whether adapters, which are still to be downloaded, fit a model that is here: on disk, or beside the app.
 * @throws EngineError `adapter-mismatch`; what opening a model throws
 */
export async function checkLocal(
  source: ModelSource,
  outlines: readonly LoraOutline[],
  options: WorkerLoadOptions,
  signal: AbortSignal,
): Promise<void> {
  const opened = await openModel(source, planesFor(options), { hub: options.hub, network: browserNetwork, signal })
  checkLora(opened.checkpoint, outlines)
}

/**
 * The same for a model that is loaded already; where its headers cannot be read again without asking a server, whoever takes the adapters finds out.
 * @throws EngineError `adapter-mismatch`
 */
export async function checkLoaded(
  source: ModelSource,
  outlines: readonly LoraOutline[],
  options: WorkerLoadOptions,
  signal: AbortSignal,
): Promise<void> {
  const checkpoint = await openAgain(source, options, signal).catch(() => undefined)
  signal.throwIfAborted()
  if (checkpoint) checkLora(checkpoint, outlines)
}

async function openAgain(
  source: ModelSource,
  options: WorkerLoadOptions,
  signal: AbortSignal,
): Promise<Checkpoint | undefined> {
  const { hub } = options
  if (!isFetched(source))
    return (await openModel(source, planesFor(options), { hub, network: browserNetwork, signal })).checkpoint
  const store = await openStore()
  const found = await findStored(store, sourceKey(source, hub), planesFor(options))
  if (!found) return undefined
  const { blob, index } = await store.open(found.id)
  return (await openStored(blob, index, signal)).checkpoint
}
