import { checkLora, type LoraOutline } from '@sampan/engine'
import { openModel } from '../acquire/open-model.ts'
import { planesFor } from '../acquire/wanted-form.ts'
import type { ModelSource } from '../backend.ts'
import { browserNetwork } from '../network/network.ts'
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
