import { EngineError } from '../errors.ts'
import type { Checkpoint } from '../formats/checkpoint.ts'
import { requireTensor } from '../weights/tensor-shape.ts'
import type { Architecture, DecoderModel, Linear } from './decoder.ts'
import { llama } from './llama.ts'
import { qwen2 } from './qwen2.ts'
import { qwen3 } from './qwen3.ts'

/** To add an architecture: a file beside this one, and its name here. */
const architectures: readonly Architecture[] = [qwen2, qwen3, llama]

/** Tensors that some exporters write and no runtime needs: recomputed tables. */
const recomputed = /(^rope_freqs\.weight|rotary_emb\.inv_freq|attn\.bias|attn\.masked_bias)$/

/**
 * The model that a checkpoint holds, every tensor of it found and of the right shape.
 * @throws EngineError `architecture-unknown`; `tensor-missing`, `tensor-shape-mismatch`; `format-unsupported` when the
 * checkpoint has layer tensors that the architecture knows nothing of: to leave them out would be silently wrong.
 */
export function describeModel(checkpoint: Checkpoint): DecoderModel {
  const { config, tensors } = checkpoint
  const architecture = architectures.find(({ modelType }) => modelType === config.architecture)
  if (!architecture) {
    const known = architectures.map(({ modelType }) => modelType)
    throw new EngineError(
      'architecture-unknown',
      `Sampan does not know the architecture '${config.architecture}'. It knows ${known.join(', ')} and every fine-tune of them: choose one of these.`,
      { architecture: config.architecture, known },
    )
  }
  const { headSize, hiddenSize } = config
  if (headSize % 4 !== 0 || hiddenSize % 4 !== 0) {
    throw new EngineError(
      'format-unsupported',
      `Head size ${headSize} and hidden size ${hiddenSize} are not supported: both must be multiples of 4.`,
      { headSize, hiddenSize },
    )
  }
  const model = architecture.build(config, tensors)
  const used = checkShapes(checkpoint, model)
  if (config.tiedEmbeddings) used.add('lm_head.weight')
  const strange = [...tensors.keys()].filter((name) => !used.has(name) && !recomputed.test(name))
  if (strange.length > 0) {
    throw new EngineError(
      'format-unsupported',
      `The checkpoint has tensors that ${config.architecture} does not use (${strange.slice(0, 3).join(', ')}${strange.length > 3 ? ', …' : ''}): it is another architecture under this name, or holds an adapter that must be merged first.`,
      { tensors: strange.slice(0, 20) },
    )
  }
  return model
}

function checkShapes(checkpoint: Checkpoint, model: DecoderModel): Set<string> {
  const used = new Set<string>()
  const check = (name: string, shape: readonly number[]): void => {
    used.add(requireTensor(checkpoint, name, shape).name)
  }
  const checkLinear = ({ weight, bias, outputs, inputs }: Linear): void => {
    check(weight, [outputs, inputs])
    if (bias !== undefined) check(bias, [outputs])
  }
  const { hiddenSize, headSize } = model.config
  checkLinear(model.embedding)
  checkLinear(model.head)
  check(model.finalNorm, [hiddenSize])
  for (const { inputNorm, attention, postAttentionNorm, mlp } of model.layers) {
    check(inputNorm, [hiddenSize])
    check(postAttentionNorm, [hiddenSize])
    for (const part of [attention.query, attention.key, attention.value, attention.output]) checkLinear(part)
    if (attention.headNorms) for (const name of Object.values(attention.headNorms)) check(name, [headSize])
    for (const part of [mlp.gate, mlp.up, mlp.down]) checkLinear(part)
  }
  return used
}
