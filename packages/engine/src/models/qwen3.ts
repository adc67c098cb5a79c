import { type Architecture, decoderModel } from './decoder.ts'

/** Qwen3 (dense), DeepSeek-R1-0528-Qwen3: every q and k head normalised, no biases unless the checkpoint has them. */
export const qwen3: Architecture = {
  modelType: 'qwen3',
  build: (config, tensors) => decoderModel(config, tensors, { bias: 'as-found', headNorms: true }),
}
