import type { GenerationEnd } from '../backend.ts'
import type { ChatCompletion, ChatCompletionChunk, CompletionUsage, FinishReason } from './chat-types.ts'

/** What all chunks of an answer share. */
export interface AnswerHead {
  readonly id: string
  readonly created: number
  readonly model: string
}

export function answerHead(model: string): AnswerHead {
  return { id: `chatcmpl-${crypto.randomUUID()}`, created: Math.floor(Date.now() / 1000), model }
}

export function deltaChunk(
  head: AnswerHead,
  delta: ChatCompletionChunk['choices'][number]['delta'],
  finish?: { readonly reason: FinishReason; readonly usage?: CompletionUsage },
): ChatCompletionChunk {
  return {
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish?.reason ?? null, logprobs: null }],
    ...(finish?.usage && { usage: finish.usage }),
  }
}

export function usageChunk(head: AnswerHead, end: GenerationEnd): ChatCompletionChunk {
  return { ...head, object: 'chat.completion.chunk', choices: [], usage: usage(end) }
}

export function completion(head: AnswerHead, content: string, end: GenerationEnd): ChatCompletion {
  return {
    ...head,
    object: 'chat.completion',
    choices: [
      { index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason: end.reason, logprobs: null },
    ],
    usage: usage(end),
  }
}

export function usage(end: GenerationEnd): CompletionUsage {
  return {
    prompt_tokens: end.promptTokens,
    completion_tokens: end.completionTokens,
    total_tokens: end.promptTokens + end.completionTokens,
  }
}
