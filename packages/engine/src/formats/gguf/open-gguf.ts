import { EngineError } from '../../errors.ts'
import type { ByteSource } from '../byte-source.ts'
import type { Checkpoint, ModelConfig, TensorInfo } from '../checkpoint.ts'
import { ggufConfig } from './config.ts'
import { maximumRopeDivisors } from './limits.ts'
import { canonicalName, ggufArchitectures, ggufKeys, isRotated, ropeDivisorsTensor } from './names.ts'
import { type GgufFile, readGguf } from './read-gguf.ts'

/**
 * Opens a GGUF file as a checkpoint: reads its header (and `rope_freqs.weight`, where there is one), no weights.
 * @throws EngineError `file-malformed`, `file-truncated`, `file-limit-exceeded`, `format-unsupported`, or
 *   `architecture-unknown` when an architecture that is not known here does not have the usual shape.
 */
export async function openGguf(source: ByteSource, signal?: AbortSignal): Promise<Checkpoint> {
  return ggufCheckpoint(source, await readGguf(source, signal), signal)
}

/** @param source what errors name */
export async function ggufCheckpoint(
  source: Pick<ByteSource, 'name'>,
  file: GgufFile,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const architecture = file.metadata.get(ggufKeys.architecture)
  if (typeof architecture !== 'string')
    throw new EngineError(
      'file-malformed',
      `${source.name} does not name its ${ggufKeys.architecture}. Use another file.`,
      {
        name: source.name,
      },
    )
  const config = configOf(source, architecture, file, await readRopeDivisors(file, signal))
  return { format: 'gguf', config, tensors: canonicalTensors(source, config, file), metadata: file.metadata }
}

function configOf(
  source: Pick<ByteSource, 'name'>,
  architecture: string,
  file: GgufFile,
  divisors: Float32Array | undefined,
): ModelConfig {
  try {
    return ggufConfig(source.name, architecture, file, divisors)
  } catch (error) {
    if (Object.hasOwn(ggufArchitectures, architecture)) throw error
    const known = Object.keys(ggufArchitectures)
    throw new EngineError(
      'architecture-unknown',
      `${source.name} has the architecture ${JSON.stringify(architecture)}; known are ${known.join(', ')} and every fine-tune of them: choose one of these.`,
      { architecture, known },
      error,
    )
  }
}

async function readRopeDivisors(file: GgufFile, signal?: AbortSignal): Promise<Float32Array | undefined> {
  const tensor = file.tensors.get(ropeDivisorsTensor)
  if (!tensor) return undefined
  if (tensor.type !== 'F32' || tensor.byteLength > maximumRopeDivisors * 4)
    throw new EngineError(
      'file-malformed',
      `${tensor.source.name}: ${ropeDivisorsTensor} is not a list of at most ${maximumRopeDivisors} F32 values. Use another file.`,
      { tensor: ropeDivisorsTensor, type: tensor.type, shape: tensor.shape },
    )
  const bytes = await tensor.source.read(tensor.start, tensor.start + tensor.byteLength, signal)
  return new Float32Array(bytes.buffer)
}

function canonicalTensors(
  source: Pick<ByteSource, 'name'>,
  config: ModelConfig,
  file: GgufFile,
): Map<string, TensorInfo> {
  const interleaved = ggufArchitectures[config.architecture]?.interleavedRope === true
  const tensors = new Map<string, TensorInfo>()
  for (const tensor of file.tensors.values()) {
    if (tensor.name === ropeDivisorsTensor) continue
    const name = canonicalName(tensor.name)
    if (tensors.has(name))
      throw new EngineError('file-malformed', `${source.name} has two tensors for ${name}. Use another file.`, {
        tensor: name,
      })
    tensors.set(name, {
      ...tensor,
      name,
      ...(interleaved && isRotated(name) ? { interleavedRopeHeadSize: config.headSize } : {}),
    })
  }
  return tensors
}
