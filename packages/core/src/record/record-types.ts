import type { GenerationRequest, ModelInfo } from '../backend.ts'
import type { FinishReason } from '../chat/answer-types.ts'

/** What an answer was made from, in the backends' words: with it template, tools and schemas bind tokens as they did. */
export type RecordedRequest = Pick<
  GenerationRequest,
  | 'messages'
  | 'prompt'
  | 'tools'
  | 'toolChoice'
  | 'parallelToolCalls'
  | 'format'
  | 'thinking'
  | 'thinkingBudget'
  | 'continueFinalMessage'
  | 'templateVariables'
>

/** All that tokens were chosen by, defaults and the seed that chance gave among them. Meanings are those of `GenerationRequest`. */
export interface RecordedSampling {
  readonly temperature: number
  readonly topP: number
  readonly topK: number
  readonly minP: number
  readonly repetitionPenalty: number
  readonly frequencyPenalty: number
  readonly presencePenalty: number
  readonly logitBias: readonly (readonly [token: number, bias: number])[]
  /** Unsigned, 32 bits. */
  readonly seed: number
  /** What was left of the context, where the request set no limit. */
  readonly maxTokens: number
  /** Ids of the tokens that end an answer. */
  readonly stopTokens: readonly number[]
  /** Strings before which the answer ends. */
  readonly stop: readonly string[]
  /** False: nothing came from the cache, so that nothing but this record and the model counts. */
  readonly cachePrompt: boolean
}

/** How an answer was made, token by token: plain data, so that `JSON.stringify` and `JSON.parse` carry it. */
export interface AnswerRecord {
  /** Of this shape: another one has another name. */
  readonly format: 'sampan-answer-1'
  /** When the answer was begun, in ISO 8601, UTC. What the chat template's clock showed. */
  readonly made: string
  readonly model: {
    /** As `ModelInfo.source`. */
    readonly source: string
    /** As `ModelInfo.hash`. */
    readonly hash?: string
    readonly architecture?: string
  }
  readonly engine: {
    readonly sampan: string
    readonly backend: ModelInfo['backend']
    /** As `ModelInfo.fingerprint`: the device, too. */
    readonly fingerprint?: string
  }
  readonly request: RecordedRequest
  readonly prompt: {
    /** SHA-256 of the chat template, in hexadecimal digits. Absent where the browser gives no digests, and where none was used. */
    readonly template?: string
    /** SHA-256 of the text that was made into tokens. */
    readonly text?: string
    readonly tokens: readonly number[]
    /** Of them, found in the cache. */
    readonly cachedTokens: number
    /** The tokens say what the template makes of the messages. False only in what a replay of another's record recorded. */
    readonly rendered: boolean
  }
  readonly sampling: RecordedSampling
  readonly answer: {
    /** The one that ended it is the last. */
    readonly tokens: readonly number[]
    /** Of each token, by the model's own logits, to six decimals; −9999 for the impossible. */
    readonly logprobs: readonly number[]
    /** What the tokens say, tags of thoughts and calls among it, also what a stop string cut off. */
    readonly text: string
    readonly finish: FinishReason
  }
}

/** Something that is not as the record has it. */
export type ReplayDifference =
  /** The loaded model is another. Nothing was made then. */
  | { readonly what: 'model'; readonly recorded: string; readonly now: string }
  /** The messages do not give the prompt's tokens. Those were used. */
  | { readonly what: 'prompt' }
  /** `at`: the first place of the answer; undefined past its end. */
  | {
      readonly what: 'tokens'
      readonly at: number
      readonly expected: number | undefined
      readonly got: number | undefined
    }
  /** Of the tokens that are alike, the one whose log probability differs most. */
  | { readonly what: 'probabilities'; readonly at: number; readonly recorded: number; readonly now: number }
  | { readonly what: 'text'; readonly recorded: string; readonly now: string }
  | { readonly what: 'finish'; readonly recorded: FinishReason; readonly now: FinishReason }

/** What may change an answer, and need not. Undefined: not told. */
export interface ReplayNote {
  readonly what: 'hash' | 'sampan' | 'fingerprint' | 'template' | 'stop-tokens' | 'cache'
  readonly recorded: string | undefined
  readonly now: string | undefined
}

interface ReplayFindings {
  /** What was not as then: another build, another device. Told, whatever came out. */
  readonly notes: readonly ReplayNote[]
  /** The largest difference of a log probability, over the tokens that are alike. */
  readonly largestDifference: number
}

export type ReplayVerdict =
  /** Tokens, probabilities, text and ending are those of the record. */
  | ({ readonly same: true; readonly tokens: number } & ReplayFindings)
  | ({
      readonly same: false
      /** What differs, causes first. Never empty. */
      readonly reasons: readonly ReplayDifference[]
      /** The first token of the answer that differs, if one does. */
      readonly at?: number
      readonly expected?: number
      readonly got?: number
    } & ReplayFindings)
