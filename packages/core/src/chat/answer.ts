import type { AnswerPart, GenerationEnd, TokenLogprob } from '../backend.ts'
import type { ReplyPlace } from '../load/fallback-types.ts'
import type { AnswerRecord } from '../record/record-types.ts'
import type { AnswerPlace } from './answer-run.ts'
import type {
  AnswerDelta,
  AnswerWarning,
  ChatCompletion,
  ChatCompletionChoice,
  ChatCompletionChunk,
  ChoiceLogprobs,
  CompletionUsage,
  FinishReason,
} from './answer-types.ts'

/** What all chunks of an answer share. */
export interface AnswerHead {
  readonly id: string
  readonly created: number
  readonly model: string
  readonly system_fingerprint?: string
  readonly computed_by?: ReplyPlace
}

export function answerHead(model: string, fingerprint?: string): AnswerHead {
  return {
    id: `chatcmpl-${crypto.randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model,
    ...(fingerprint !== undefined && { system_fingerprint: fingerprint }),
  }
}

/** The head of what was made in `place`. */
export function headAt(head: AnswerHead, place: AnswerPlace | undefined): AnswerHead {
  if (!place) return head
  const { reply, fingerprint } = place
  const { id, created } = head
  return {
    ...{ id, created, model: reply.model, computed_by: reply },
    ...(fingerprint !== undefined && { system_fingerprint: fingerprint }),
  }
}

export function deltaChunk(
  head: AnswerHead,
  delta: AnswerDelta,
  more: {
    readonly index?: number
    readonly logprobs?: ChoiceLogprobs | null
    readonly finish?: FinishReason
    readonly usage?: CompletionUsage
    readonly record?: AnswerRecord
  } = {},
): ChatCompletionChunk {
  const { index = 0, logprobs = null, finish = null, usage, record } = more
  return {
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index, delta, finish_reason: finish, logprobs }],
    ...(usage && { usage }),
    ...(record && { record }),
  }
}

export function usageChunk(head: AnswerHead, usage: CompletionUsage): ChatCompletionChunk {
  return { ...head, object: 'chat.completion.chunk', choices: [], usage }
}

export function completion(head: AnswerHead, choices: ChatCompletionChoice[], usage: CompletionUsage): ChatCompletion {
  return { ...head, object: 'chat.completion', choices, usage }
}

/** What a part adds to the message; undefined for what is told with the choice's end. */
export function deltaOf(part: AnswerPart): AnswerDelta | undefined {
  switch (part.type) {
    case 'content':
      return { content: part.text }
    case 'reasoning':
      return { reasoning_content: part.text }
    case 'tool-call': {
      const { index, id, name } = part
      return { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }
    }
    case 'tool-arguments':
      return { tool_calls: [{ index: part.index, function: { arguments: part.text } }] }
    case 'warning':
      return undefined
    default:
      return part satisfies never
  }
}

export function warningOf({ code, message, index }: Extract<AnswerPart, { type: 'warning' }>): AnswerWarning {
  return { code, message, ...(index !== undefined && { index }) }
}

export function logprobsOf(tokens: readonly TokenLogprob[]): ChoiceLogprobs {
  return {
    content: tokens.map(({ text, bytes, logprob, top }) => ({
      token: text,
      bytes: [...bytes],
      logprob,
      top_logprobs: top.map((other) => ({ token: other.text, bytes: [...other.bytes], logprob: other.logprob })),
    })),
    refusal: null,
  }
}

/** Of all choices together; they have one prompt, which counts once. */
export function usageOf(ends: readonly GenerationEnd[]): CompletionUsage {
  const [first] = ends
  const promptTokens = first?.promptTokens ?? 0
  const completionTokens = sum(ends.map((end) => end.completionTokens))
  const reasoningTokens = ends.map((end) => end.reasoningTokens).filter((tokens) => tokens !== undefined)
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(first?.cachedTokens !== undefined && { prompt_tokens_details: { cached_tokens: first.cachedTokens } }),
    ...(reasoningTokens.length > 0 && {
      completion_tokens_details: { reasoning_tokens: sum(reasoningTokens) },
    }),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0)
}
