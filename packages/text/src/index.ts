export type { AnswerPart } from './answer/answer-part.ts'
export {
  type AnswerReader,
  type AnswerReaderOptions,
  createAnswerReader,
  thoughtClosing,
} from './answer/answer-reader.ts'
export { type ToolCallFormat, type ToolCallFrame, toolCallFrames, writeToolCalls } from './answer/call-format.ts'
export type { CallAbilities } from './answer/calling-message.ts'
export {
  type ConversationCall,
  type ConversationMessage,
  type ConversationTool,
  toTemplateTools,
} from './answer/conversation.ts'
export { describeTemplate, type TemplateAbilities } from './answer/describe-template.ts'
export { type AnswerPrompt, type PromptOptions, renderPrompt } from './answer/render-prompt.ts'
export { type TemplateConversation, toTemplateMessages } from './answer/template-messages.ts'
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
export { anyJsonObject, compileJsonSchema } from './json-schema/compile.ts'
export type { JsonGrammar } from './json-schema/grammar.ts'
export { createJsonConstraint, type JsonConstraint } from './json-schema/json-constraint.ts'
export { createTokenTrie, type TokenTrie } from './json-schema/token-trie.ts'
export { encodePrompt } from './prompt.ts'
export { type GgufMetadata, type GgufTokenizerOptions, tokenizerFromGguf } from './tokenizer/from-gguf.ts'
export { type TokenizerJsonCompanions, tokenizerFromJson } from './tokenizer/from-json.ts'
export type { GgufConvention } from './tokenizer/known-splits.ts'
export type { DecodeOptions, EncodeOptions, Tokenizer } from './tokenizer/tokenizer.ts'
