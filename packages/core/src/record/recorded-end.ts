import type { GenerationEnd } from '../backend.ts'
import type { AnswerRun } from '../chat/answer-run.ts'
import { fieldUnsupported } from '../chat/request-fields.ts'
import type { ValidRequest } from '../chat/validate-request.ts'
import type { AnswerRecord } from './record-types.ts'

/**
 * The end of an answer, its record made whole: of stop strings no backend knows.
 * @throws SampanError `request-unsupported` when a record was asked for and there is none
 */
export function recordedEnd(
  end: GenerationEnd,
  { generation, stop }: Pick<ValidRequest, 'generation' | 'stop'>,
): GenerationEnd {
  if (!generation.record) return end
  const { record } = end
  if (!record) throw fieldUnsupported('record')
  const { sampling, answer } = record
  return {
    ...end,
    record: { ...record, sampling: { ...sampling, stop: [...stop] }, answer: { ...answer, finish: end.reason } },
  }
}

/** What a whole reply has beside its choices: the record of its only one. */
export function recordOfReply({ ends, choices }: Pick<AnswerRun, 'ends' | 'choices'>): { record?: AnswerRecord } {
  const record = ends[0]?.record
  return record && choices === 1 ? { record } : {}
}

/** What a choice of a whole reply has where there are several. */
export function recordOfChoice(
  { record }: GenerationEnd,
  { choices }: Pick<AnswerRun, 'choices'>,
): {
  record?: AnswerRecord
} {
  return record && choices > 1 ? { record } : {}
}
