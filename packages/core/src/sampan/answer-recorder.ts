import type { Tokenizer } from '@sampan/text'
import type { ChosenToken, GenerationEnd, GenerationRequest, ModelInfo, TokenGenerateOptions } from '../backend.ts'
import { defined } from '../chat/defined.ts'
import { SampanError } from '../errors.ts'
import type { AnswerRecord, RecordedRequest, RecordedSampling } from '../record/record-types.ts'
import { version } from '../version.ts'
import type { AnswerPlan } from './answer-planner.ts'
import { ForcedTokens } from './constraints/forced-tokens.ts'
import { LOWEST_LOGPROB } from './content-logprobs.ts'
import type { Conversation } from './open-conversation.ts'
import { sameSpecials } from './same-specials.ts'
import { canHash, sha256OfText } from './sha256.ts'

/** Log probabilities are told to so many parts of one: what lies below is noise of the arithmetic, and long to write. */
const LOGPROB_STEPS = 1e6

export interface RecordedAnswer {
  readonly info: ModelInfo
  readonly conversation: Conversation
  readonly request: GenerationRequest
  readonly made: string
  readonly plan: AnswerPlan
  /** The tokens that are run: the plan's, or those of a record. */
  readonly prompt: readonly number[]
  /** As the engine gets them. */
  readonly options: Omit<TokenGenerateOptions, 'signal'>
}

/** The request with what makes it repeatable, where a record is wanted. */
export function recordable(request: GenerationRequest): GenerationRequest {
  if (!request.record) return request
  const { seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0, cachePrompt = false } = request
  return { ...request, seed, cachePrompt }
}

/**
 * The plan of an answer that is made again: from the tokens of its prompt, and by force if it says so.
 * @throws SampanError `record-invalid` for what is no token of this model
 */
export function planAgain(
  plan: AnswerPlan,
  { prompt, answer }: NonNullable<GenerationRequest['replay']>,
  { vocabularySize }: Pick<Tokenizer, 'vocabularySize'>,
): AnswerPlan {
  checkTokens(prompt, 'prompt', vocabularySize)
  if (!answer) return { ...plan, prompt }
  checkTokens(answer, 'answer', vocabularySize)
  return { ...plan, prompt, constraint: new ForcedTokens(answer, vocabularySize) }
}

function checkTokens(tokens: readonly number[], part: string, vocabularySize: number): void {
  const at = tokens.findIndex((token) => token >= vocabularySize)
  if (at < 0) return
  const field = `record.${part}.tokens[${at}]`
  throw new SampanError(
    'record-invalid',
    `${field} is ${tokens[at]}, which is no token of this model: it has ${vocabularySize}. Load the model that the record names, or take the record as it was written.`,
    { field, vocabularySize },
  )
}

/** Sees one answer while it is made, and writes its record. */
export class AnswerRecorder {
  readonly #answer: RecordedAnswer
  readonly #chances: number[] = []
  readonly #tokens: number[] = []
  readonly #logprobs: number[] = []
  #text = ''

  constructor(answer: RecordedAnswer) {
    this.#answer = answer
  }

  /** The chance of a token that is pushed later. */
  chose({ logprob }: ChosenToken): void {
    const rounded = Math.round(Math.max(logprob, LOWEST_LOGPROB) * LOGPROB_STEPS) / LOGPROB_STEPS
    // Neither −0, which JSON does not keep, nor what rounding lifts above.
    this.#chances.push(Math.min(rounded, 0) + 0)
  }

  /** @param text what the token stands for, as far as it is known by now */
  push(token: number, text: string | undefined): void {
    this.#tokens.push(token)
    this.#logprobs.push(this.#chances.shift() ?? LOWEST_LOGPROB)
    this.#text += text ?? ''
  }

  /** @param text what the last tokens stand for */
  async finish(text: string, end: GenerationEnd): Promise<GenerationEnd> {
    const { info, conversation, request, made, plan, prompt, options } = this.#answer
    const { tokenizer, templateText } = conversation
    const hashOf = async (hashed: string): Promise<string | undefined> => (canHash() ? sha256OfText(hashed) : undefined)
    const record: AnswerRecord = {
      format: 'sampan-answer-1',
      made,
      model: defined({ source: info.source, hash: info.hash, architecture: info.architecture }),
      engine: defined({ sampan: version, backend: info.backend, fingerprint: info.fingerprint }),
      request: recordedRequest(request),
      prompt: defined({
        template: request.prompt === undefined ? await hashOf(templateText) : undefined,
        text: await hashOf(plan.text),
        tokens: [...prompt],
        cachedTokens: end.cachedTokens ?? 0,
        rendered:
          prompt === plan.prompt ||
          (tokenizer.decode(prompt) === tokenizer.decode(plan.prompt) && sameSpecials(tokenizer, prompt, plan.prompt)),
      }),
      sampling: recordedSampling(options),
      answer: { tokens: this.#tokens, logprobs: this.#logprobs, text: this.#text + text, finish: end.reason },
    }
    return { ...end, record }
  }
}

function recordedRequest(request: GenerationRequest): RecordedRequest {
  const { messages, prompt, tools, toolChoice, parallelToolCalls, format } = request
  const { thinking, thinkingBudget, continueFinalMessage, templateVariables } = request
  return defined<RecordedRequest>({
    ...{ messages, prompt, tools, toolChoice, parallelToolCalls, format },
    ...{ thinking, thinkingBudget, continueFinalMessage, templateVariables },
  })
}

function recordedSampling(options: RecordedAnswer['options']): RecordedSampling {
  const { temperature, topP, topK, minP, maxTokens, stopTokens } = options
  const { repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0, logitBias = [] } = options
  const { seed = 0, cachePrompt = true } = options
  return {
    ...{ temperature, topP, topK, minP, repetitionPenalty, frequencyPenalty, presencePenalty },
    ...{ logitBias, seed, maxTokens, stopTokens, stop: [], cachePrompt },
  }
}
