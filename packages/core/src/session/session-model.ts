import type { GenerationRequest, ModelInfo } from '../backend.ts'
import type { AnswerSource } from '../chat/answer-run.ts'

/** What a session needs of its model. */
export interface SessionModel {
  readonly info: ModelInfo
  readonly client: AnswerSource & {
    countTokens(request: GenerationRequest): Promise<number>
  }
}
