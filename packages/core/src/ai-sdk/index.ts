export type { ChatModel } from './chat-model.ts'
export type { SampanProviderOptions } from './provider-options.ts'
export { createSampan, type SampanProvider, sampan } from './sampan.ts'
