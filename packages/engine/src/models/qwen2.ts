import { type Architecture, decoderModel } from './decoder.ts'

/** Qwen2, Qwen2.5 and their Coder and Math kin, DeepSeek-R1-Distill-Qwen: biases on q, k and v. */
export const qwen2: Architecture = {
  modelType: 'qwen2',
  build: (config, tensors) => decoderModel(config, tensors, { bias: 'present', headNorms: false }),
}
