import type {
  JSONObject,
  LanguageModelV4FinishReason,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider'
import type { AnswerWarning, CompletionUsage, FinishReason, TokenLogprobEntry } from '../chat/answer-types.ts'
import type { AnswerRecord } from '../record/record-types.ts'

export function finishReasonOf(raw: FinishReason): LanguageModelV4FinishReason {
  return { unified: raw === 'tool_calls' ? 'tool-calls' : raw, raw }
}

/** Undefined for what the backend does not tell, and for all of an answer that failed. */
export function usageOf(usage: CompletionUsage | undefined): LanguageModelV4Usage {
  const input = usage?.prompt_tokens
  const output = usage?.completion_tokens
  const cached = usage?.prompt_tokens_details?.cached_tokens
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens
  return {
    inputTokens: { total: input, noCache: difference(input, cached), cacheRead: cached, cacheWrite: undefined },
    outputTokens: { total: output, text: difference(output, reasoning), reasoning },
    ...(usage && { raw: { ...usage } }),
  }
}

function difference(total: number | undefined, part: number | undefined): number | undefined {
  return total === undefined || part === undefined ? undefined : total - part
}

/** What the AI SDK has no place for. */
export function metadataOf(answer: {
  readonly fingerprint: string | undefined
  readonly warnings: readonly AnswerWarning[]
  /** Empty where they were not asked for. */
  readonly logprobs: readonly TokenLogprobEntry[]
  readonly record: AnswerRecord | undefined
}): SharedV4ProviderMetadata {
  const own: JSONObject = {
    ...(answer.fingerprint !== undefined && { systemFingerprint: answer.fingerprint }),
    ...(answer.warnings.length > 0 && { warnings: answer.warnings.map(({ code, message }) => ({ code, message })) }),
    ...(answer.logprobs.length > 0 && { logprobs: answer.logprobs.map(toJson) }),
    ...(answer.record && { record: plainRecord(answer.record) }),
  }
  return { sampan: own }
}

function toJson({ token, bytes, logprob, top_logprobs }: TokenLogprobEntry): JSONObject {
  return { token, bytes, logprob, topLogprobs: top_logprobs.map((top) => ({ ...top })) }
}

/** In the AI SDK's types, which take no array that is read only. */
function plainRecord(record: AnswerRecord): JSONObject {
  return JSON.parse(JSON.stringify(record))
}

/**
 * Whether a call of a tool is to be made. One that was cut in the middle is not: the AI SDK would read one without arguments as one
 * that needs none.
 */
export function isWholeCall(json: string): boolean {
  try {
    JSON.parse(json)
    return true
  } catch {
    return false
  }
}

export function cutCallWarning(name: string): AnswerWarning {
  const message = `The answer ended within a call of the tool ${JSON.stringify(name)}, which is left out: allow more output tokens.`
  return { code: 'tool-call-malformed', message }
}
