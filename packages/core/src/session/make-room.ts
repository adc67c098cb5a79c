import type { ModelInfo } from '../backend.ts'
import type { ChatMessage } from '../chat/request-types.ts'
import type { ValidRequest } from '../chat/validate-request.ts'
import { turnStarts, withoutTurnsBefore } from '../chat/without-oldest-turns.ts'
import { SampanError } from '../errors.ts'
import { untilAborted } from '../until-aborted.ts'
import { copyConversation } from './copy-messages.ts'
import type { SessionModel } from './session-model.ts'
import type { ContextStrategy } from './session-types.ts'

/** Of the context, that an answer without a limit is to find free. */
const ANSWER_SHARE = 1 / 4
/** Of the context, that the prompt may take when turns are dropped, and the most that an answer is kept free. */
const HALF = 1 / 2

/** What is known of a request that is about to be sent, or was refused as too long. */
export interface Fill {
  readonly full: boolean
  /** Undefined where the backend does not count. */
  readonly promptTokens: number | undefined
}

/** Whether `request` leaves room for its answer. */
export async function measure(model: SessionModel, { generation }: ValidRequest, signal: AbortSignal): Promise<Fill> {
  const { contextLength } = model.info
  const promptTokens = await untilAborted(model.client.countTokens(generation), signal).catch((error: unknown) => {
    // Of a backend that does not count. If the request itself is what is not supported, sending it says so.
    if (SampanError.isInstance(error) && error.code === 'request-unsupported') return undefined
    throw error
  })
  if (promptTokens === undefined) return { full: false, promptTokens }
  const answer = Math.min(generation.maxTokens ?? contextLength * ANSWER_SHARE, contextLength * HALF)
  return { full: promptTokens + answer > contextLength, promptTokens }
}

/** A shorter conversation; undefined where `strategy` has none. */
export async function shorten(
  messages: readonly ChatMessage[],
  strategy: ContextStrategy,
  { contextLength }: ModelInfo,
  promptTokens: number | undefined,
  signal: AbortSignal,
): Promise<readonly ChatMessage[] | undefined> {
  if (strategy === 'error') return undefined
  if (strategy === 'drop-oldest') return withoutOldest(messages, contextLength, promptTokens)
  const full = { messages, contextLength, ...(promptTokens !== undefined && { promptTokens }) }
  const shorter = await untilAborted(Promise.resolve(strategy(full)), signal)
  return copyConversation(shorter)
}

/**
 * Drops turns, at least one, by the length of their texts: tokens would have to be counted for every cut. Without a count half of the
 * text goes. Undefined when only one turn is left.
 */
function withoutOldest(
  messages: readonly ChatMessage[],
  contextLength: number,
  promptTokens: number | undefined,
): readonly ChatMessage[] | undefined {
  const [, ...starts] = turnStarts(messages)
  const last = starts.at(-1)
  if (last === undefined) return undefined
  const share = promptTokens === undefined ? HALF : Math.min(1, (contextLength * HALF) / promptTokens)
  const lengths = new Map(messages.map((message) => [message, JSON.stringify(message).length]))
  const length = (kept: readonly ChatMessage[]): number =>
    kept.reduce((sum, message) => sum + (lengths.get(message) ?? 0), 0)
  const most = length(messages) * share
  let [low, high] = [0, starts.length - 1]
  const cut = (index: number): readonly ChatMessage[] => withoutTurnsBefore(messages, starts[index] ?? last)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (length(cut(middle)) <= most) high = middle
    else low = middle + 1
  }
  return cut(low)
}
