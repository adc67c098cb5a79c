import type { Checkpoint } from '@sampan/engine'
import {
  type ChatTemplate,
  type ChatTemplateSource,
  chatTemplateFromConfig,
  chatTemplateFromGguf,
  createChatTemplate,
  TextError,
  type Tokenizer,
  tokenizerFromGguf,
  tokenizerFromJson,
} from '@sampan/text'
import { SampanError } from '../errors.ts'
import type { ModelTexts } from '../sources/open-checkpoint.ts'
import { type Sampling, samplingOfGenerationConfig, samplingOfGguf } from './sampling-defaults.ts'

/** Everything between messages and token ids of one model. */
export interface Conversation {
  readonly tokenizer: Tokenizer
  readonly template: ChatTemplate
  /** What the template was made of. */
  readonly templateText: string
  readonly sampling: Sampling
}

/** @throws TextError when tokenizer or template are missing or cannot be understood */
export function openConversation(checkpoint: Checkpoint, texts: ModelTexts, name: string): Conversation {
  return checkpoint.format === 'gguf' ? fromGguf(checkpoint, name) : fromTexts(texts, name)
}

function fromGguf({ metadata }: Checkpoint, name: string): Conversation {
  const tokenizer = tokenizerFromGguf(metadata)
  const source = chatTemplateFromGguf(metadata)
  if (source === undefined || isEmpty(source)) throw templateMissing(name)
  return {
    tokenizer,
    template: createChatTemplate(source, tokenizer),
    templateText: textOf(source),
    sampling: samplingOfGguf(metadata),
  }
}

function fromTexts(texts: ModelTexts, name: string): Conversation {
  if (texts.tokenizer === undefined)
    throw new SampanError(
      'source-not-found',
      `${name} has no tokenizer.json: take another copy of the model, or its GGUF file.`,
      { file: 'tokenizer.json' },
    )
  const tokenizer = tokenizerFromJson(texts.tokenizer, texts)
  const source = templateOf(texts)
  if (source === undefined || isEmpty(source)) throw templateMissing(name)
  return {
    tokenizer,
    template: createChatTemplate(source, tokenizer),
    templateText: textOf(source),
    sampling: samplingOfGenerationConfig(parseFields(texts.generationConfig)),
  }
}

/** A file of its own counts before what the tokenizer's config says, and may have others beside it. */
function templateOf({
  chatTemplate,
  namedTemplates,
  tokenizerConfig,
}: ModelTexts): string | ChatTemplateSource | undefined {
  if (chatTemplate === undefined) return tokenizerConfig && chatTemplateFromConfig(tokenizerConfig)
  if (namedTemplates === undefined) return chatTemplate
  const named: unknown = JSON.parse(namedTemplates)
  const main = { name: 'default', template: chatTemplate }
  return chatTemplateFromConfig({ chat_template: [...(Array.isArray(named) ? named : []), main] })
}

/** It would make every prompt the same: nothing. */
function isEmpty(source: string | ChatTemplateSource): boolean {
  return (typeof source === 'string' ? source : source.main).trim() === ''
}

/** Of several templates all, the main one first. */
function textOf(source: string | ChatTemplateSource): string {
  return typeof source === 'string' ? source : [...new Set([source.main, ...source.named.values()])].join('\n')
}

function templateMissing(name: string): TextError {
  return new TextError(
    'template-missing',
    `${name} has no chat template, so it is no chat model: take its -Instruct or -Chat variant.`,
    { name },
  )
}

/** An absent or broken generation config is no reason not to load a model. */
function parseFields(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
