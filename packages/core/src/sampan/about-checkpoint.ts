import type { Checkpoint } from '@sampan/engine'
import type { ModelInfo } from '../backend.ts'

/** What `model.info` tells of a checkpoint, whatever runs it. */
export function aboutCheckpoint(
  backend: ModelInfo['backend'],
  { config, tensors }: Checkpoint,
  source: string,
): Pick<ModelInfo, 'backend' | 'source' | 'architecture' | 'bytes'> {
  const bytes = [...tensors.values()].reduce((sum, tensor) => sum + tensor.byteLength, 0)
  return { backend, source, architecture: config.architecture, bytes }
}
