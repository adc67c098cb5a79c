import { type Architecture, decoderModel } from './decoder.ts'

/** Llama 2 and 3, DeepSeek-R1-Distill-Llama, SmolLM2, Yi: no biases unless the checkpoint has them. */
export const llama: Architecture = {
  modelType: 'llama',
  build: (config, tensors) => decoderModel(config, tensors, { bias: 'as-found', headNorms: false }),
}
