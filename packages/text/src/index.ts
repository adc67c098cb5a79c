export {
  type ChatTemplate,
  type ChatTemplateTokens,
  createChatTemplate,
  type RenderOptions,
  type TemplateMessage,
} from './chat-template/chat-template.ts'
export {
  type ChatTemplateSource,
  chatTemplateFromConfig,
  chatTemplateFromGguf,
} from './chat-template/template-source.ts'
export { createDetokenizer, type Detokenizer } from './detokenizer.ts'
export { TextError, type TextErrorCode } from './errors.ts'
export { encodePrompt } from './prompt.ts'
export { type GgufMetadata, type GgufTokenizerOptions, tokenizerFromGguf } from './tokenizer/from-gguf.ts'
export { type TokenizerJsonCompanions, tokenizerFromJson } from './tokenizer/from-json.ts'
export type { GgufConvention } from './tokenizer/known-splits.ts'
export type { DecodeOptions, EncodeOptions, Tokenizer } from './tokenizer/tokenizer.ts'
