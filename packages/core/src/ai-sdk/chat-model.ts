import type { ModelInfo } from '../backend.ts'
import type { Completions } from '../chat/completions.ts'

/** What of a loaded model the AI SDK needs; `load` gives one. */
export interface ChatModel {
  readonly info: Pick<ModelInfo, 'source'>
  readonly chat: { readonly completions: Pick<Completions, 'create'> }
}
