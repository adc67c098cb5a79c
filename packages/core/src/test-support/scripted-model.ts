import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { ChatModel } from '../ai-sdk/chat-model.ts'
import { sampan } from '../ai-sdk/sampan.ts'
import { Completions } from '../chat/completions.ts'
import { type Script, ScriptedSource } from './scripted-source.ts'

export interface ScriptedModel {
  readonly source: ScriptedSource
  readonly model: ChatModel
  /** For the AI SDK. */
  readonly languageModel: LanguageModelV4
}

/** A model that does what the scripts say; all between it and the caller is the real one. */
export function scriptedModel(...scripts: readonly Script[]): ScriptedModel {
  const source = new ScriptedSource(...scripts)
  const model = { info: source.info, chat: { completions: new Completions(source, source.info) } }
  return { source, model, languageModel: sampan(model) }
}
