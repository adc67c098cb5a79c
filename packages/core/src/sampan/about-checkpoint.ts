import type { OpenedModel } from '../acquire/open-model.ts'
import type { ModelInfo } from '../backend.ts'

/** What `model.info` tells of a checkpoint, whatever runs it. */
export function aboutCheckpoint(
  backend: ModelInfo['backend'],
  { checkpoint, name, about, revision, files }: OpenedModel,
): Pick<ModelInfo, 'backend' | 'source' | 'architecture' | 'shape' | 'bytes' | 'about' | 'revision' | 'files'> {
  const bytes = [...checkpoint.tensors.values()].reduce((sum, tensor) => sum + tensor.byteLength, 0)
  const { config } = checkpoint
  return {
    ...{ backend, source: name, architecture: config.architecture, bytes },
    shape: {
      layers: config.layerCount,
      hidden: config.hiddenSize,
      heads: config.headCount,
      keyValueHeads: config.keyValueHeadCount,
      headSize: config.headSize,
      feedForward: config.feedForwardSize,
      vocabulary: config.vocabularySize,
      tiedEmbeddings: config.tiedEmbeddings,
    },
    ...(about && { about }),
    ...(revision !== undefined && { revision }),
    ...(files && { files }),
  }
}
