import type { GenerationRequest, ModelInfo } from '../backend.ts'
import { AnswerRun, type AnswerSource } from '../chat/answer-run.ts'
import type { ValidRequest } from '../chat/validate-request.ts'
import { anotherModel, compareRecords } from './compare-records.ts'
import { readRecord } from './read-record.ts'
import type { AnswerRecord, ReplayVerdict } from './record-types.ts'

export interface ReplayOptions {
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /**
   * True: the recorded tokens are put in, whatever would be chosen, and only their probabilities are compared. Where a replay differs from some token on,
   * this tells whether that was a near tie, which another device may break otherwise. Default false.
   */
  readonly forced?: boolean | undefined
}

/**
 * Makes an answer again from its record, from nothing: the same tokens of the prompt, sampler, seed and constraints.
 * @param given a record, or whatever someone takes for one
 * @throws SampanError `record-invalid`, and what answering throws; the signal's reason
 */
export async function replayRecord(
  source: AnswerSource,
  info: ModelInfo,
  given: unknown,
  { signal, forced = false }: ReplayOptions = {},
): Promise<ReplayVerdict> {
  const record = readRecord(given)
  const { hash } = record.model
  if (hash !== undefined && info.hash !== undefined && hash !== info.hash) return anotherModel(hash, info.hash)
  const run = await AnswerRun.start(source, forced ? forcedRequestOf(record) : requestOf(record), signal)
  try {
    for (let event = await run.next(); event; event = await run.next())
      if (event.type === 'end' && event.end.record) return compareRecords(record, event.end.record, forced)
    throw new DOMException('The replay was cancelled.', 'AbortError')
  } finally {
    run.cancel()
  }
}

function requestOf({ request, sampling, prompt, made }: AnswerRecord): ValidRequest {
  const { temperature, topP, topK, minP, repetitionPenalty, frequencyPenalty, presencePenalty } = sampling
  const { logitBias, seed, maxTokens, stop } = sampling
  const generation: GenerationRequest = {
    ...request,
    ...{ temperature, topP, topK, minP, repetitionPenalty, frequencyPenalty, presencePenalty },
    ...{ logitBias, seed, maxTokens },
    cachePrompt: false,
    record: true,
    replay: { prompt: prompt.tokens, made },
  }
  return { generation, stop, choices: 1, stream: false, includeUsage: undefined }
}

/** What ended the answer before its limit ends it again by the number of its tokens. */
function forcedRequestOf(record: AnswerRecord): ValidRequest {
  const { generation, ...request } = requestOf(record)
  const { tokens } = record.answer
  const replay = { prompt: record.prompt.tokens, made: record.made, answer: tokens }
  return { ...request, stop: [], generation: { ...generation, maxTokens: Math.max(1, tokens.length), replay } }
}
