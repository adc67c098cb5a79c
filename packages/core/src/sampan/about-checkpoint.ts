import type { OpenedModel } from '../acquire/open-model.ts'
import type { ModelInfo } from '../backend.ts'

/** What `model.info` tells of a checkpoint, whatever runs it. */
export function aboutCheckpoint(
  backend: ModelInfo['backend'],
  { checkpoint, name, about, revision, files }: OpenedModel,
): Pick<ModelInfo, 'backend' | 'source' | 'architecture' | 'bytes' | 'about' | 'revision' | 'files'> {
  const bytes = [...checkpoint.tensors.values()].reduce((sum, tensor) => sum + tensor.byteLength, 0)
  return {
    ...{ backend, source: name, architecture: checkpoint.config.architecture, bytes },
    ...(about && { about }),
    ...(revision !== undefined && { revision }),
    ...(files && { files }),
  }
}
