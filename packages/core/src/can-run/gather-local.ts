import { openModel } from '../acquire/open-model.ts'
import { planesFor } from '../acquire/wanted-form.ts'
import type { BackendLoadOptions, ModelSource } from '../backend.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { GpuFacts } from './browser-facts.ts'
import { catchFailure } from './catch-failure.ts'
import { crashKey } from './crash-key.ts'
import type { Failure, Kept, ModelFacts } from './facts.ts'
import { type NeedOptions, needsOf } from './model-needs.ts'

/** What is to be known of a model on the visitor's disk, or one that the app itself brings along. */
export async function gatherLocal(
  source: ModelSource,
  options: WorkerLoadOptions & Pick<NeedOptions, 'outlines'>,
  gpu: GpuFacts,
  { network, signal }: Pick<BackendLoadOptions, 'network' | 'signal'>,
): Promise<{ readonly model: ModelFacts; readonly failure?: never } | { readonly failure: Failure }> {
  const read = await catchFailure(async (): Promise<ModelFacts> => {
    const opened = await openModel(source, planesFor(options), { hub: options.hub, network, signal })
    const { checkpoint, name, about, revision } = opened
    const files = new Set([...checkpoint.tensors.values()].map(({ source }) => source))
    const fileBytes = [...files].reduce((sum, { size }) => sum + size, 0)
    const { sampan, wllama, architecture } = needsOf({ checkpoint, fileBytes, path: name }, options, gpu)
    const { format } = checkpoint
    // What an app brings along comes from its server.
    const kept: Kept = { cachedBytes: 0, downloadBytes: source.kind === 'url' ? fileBytes : 0 }
    // llama.cpp reads the file itself.
    const isPacked = [...checkpoint.tensors.values()].some(({ packed }) => packed !== undefined)
    return {
      ...{ name, key: crashKey(source, options.hub).key, format, architecture, local: true, totalBytes: fileBytes },
      ...(about && { about }),
      ...(revision !== undefined && { revision }),
      sampan: { ...(sampan && { needs: sampan }), kept },
      ...(format === 'gguf' && !isPacked && { wllama: { ...(wllama && { needs: wllama }), kept } }),
    }
  })
  return read.failure ? { failure: read.failure } : { model: read.value }
}
