import { EngineError } from '../../errors.ts'
import type { ByteSource } from '../byte-source.ts'
import type { Checkpoint, ModelConfig, TensorInfo } from '../checkpoint.ts'
import { parseJsonObject } from '../json.ts'
import { safetensorsConfig } from './config.ts'
import { maximumConfigCharacters, maximumShardCount } from './limits.ts'
import { canonicalName, configKeys, embedding, outputHead, safetensorsArchitectures } from './names.ts'
import { readSafetensors } from './read-safetensors.ts'

/** The parts of a Hugging Face model folder that the engine reads. */
export interface SafetensorsFiles {
  /** Text of `config.json`. */
  readonly config: string
  /** `model.safetensors`, or every file that `shardFileNames` gives for the index. */
  readonly weights: readonly ByteSource[]
}

/**
 * Opens a Hugging Face folder as a checkpoint: reads the headers of the weight files, no weights.
 * @throws EngineError `file-malformed`, `file-truncated`, `file-limit-exceeded`, `format-unsupported`, or
 *   `architecture-unknown` when a `model_type` that is not known here does not have the usual keys.
 */
export async function openSafetensors(files: SafetensorsFiles, signal?: AbortSignal): Promise<Checkpoint> {
  const { config, tiedEmbeddingsTold } = readConfig(files.config)
  if (files.weights.length > maximumShardCount)
    throw new EngineError(
      'file-limit-exceeded',
      `${files.weights.length} weight files are more than ${maximumShardCount}.`,
      {
        limit: maximumShardCount,
      },
    )
  const tensors = new Map<string, TensorInfo>()
  for (const source of files.weights)
    for (const tensor of (await readSafetensors(source, signal)).values()) {
      const name = canonicalName(tensor.name)
      const other = tensors.get(name)
      if (other)
        throw new EngineError(
          'file-malformed',
          `The tensor ${name} is in both ${other.source.name} and ${source.name}. Give each weight file once.`,
          { tensor: name, files: [other.source.name, source.name] },
        )
      tensors.set(name, { ...tensor, name })
    }
  // Of two that are one, either may have been saved.
  const head = tensors.get(outputHead)
  if (config.tiedEmbeddings && head && !tensors.has(embedding)) {
    tensors.set(embedding, { ...head, name: embedding })
    tensors.delete(outputHead)
  }
  // Who says nothing and has no head can only mean this; some merges and fine-tunes are written so.
  const untold = !tiedEmbeddingsTold && tensors.size > 0
  const tiedEmbeddings = config.tiedEmbeddings || (untold && !tensors.has(outputHead))
  return { format: 'safetensors', config: { ...config, tiedEmbeddings }, tensors, metadata: new Map() }
}

function readConfig(text: string): { readonly config: ModelConfig; readonly tiedEmbeddingsTold: boolean } {
  const fileName = 'config.json'
  if (text.length > maximumConfigCharacters)
    throw new EngineError('file-limit-exceeded', `${fileName} is longer than ${maximumConfigCharacters} characters.`, {
      limit: maximumConfigCharacters,
    })
  const object = parseJsonObject(text, fileName)
  const architecture = object[configKeys.architecture]
  if (typeof architecture !== 'string')
    throw new EngineError(
      'file-malformed',
      `${fileName} has no ${configKeys.architecture}. Use another copy of the model.`,
      {
        key: configKeys.architecture,
      },
    )
  try {
    const told = typeof object[configKeys.tiedEmbeddings] === 'boolean'
    return { config: safetensorsConfig(object, fileName), tiedEmbeddingsTold: told }
  } catch (error) {
    if (Object.hasOwn(safetensorsArchitectures, architecture)) throw error
    const known = Object.keys(safetensorsArchitectures)
    throw new EngineError(
      'architecture-unknown',
      `${fileName} has the model_type ${JSON.stringify(architecture)}; known are ${known.join(', ')} and every fine-tune of them: choose one of these.`,
      { architecture, known },
      error,
    )
  }
}
