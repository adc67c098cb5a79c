import type { AnswerMessage } from '../chat/answer-types.ts'
import type { ChoiceBuilder } from '../chat/choice-builder.ts'
import { fieldInvalid } from '../chat/request-fields.ts'
import type { AssistantMessage, ChatMessage } from '../chat/request-types.ts'

/** The conversation up to what was answered last. */
export function withoutLastAnswer(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = messages.findLastIndex(({ role }) => role === 'user' || role === 'tool')
  if (last < 0) throw fieldInvalid('messages', 'hold nothing to be answered')
  return messages.slice(0, last + 1)
}

/** The answer that the conversation ends with. */
export function begunAnswer(messages: readonly ChatMessage[]): AssistantMessage {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || textOf(last) === '' || last.tool_calls?.length)
    throw fieldInvalid('messages', 'do not end with a text of the assistant that could be gone on with')
  return last
}

/** One answer of its beginning and what came after. */
export function joined(begun: AssistantMessage, rest: AnswerMessage): AssistantMessage {
  const thoughts = `${begun.reasoning_content ?? ''}${rest.reasoning_content ?? ''}`
  return {
    ...begun,
    ...rest,
    content: textOf(begun) + (rest.content ?? ''),
    ...(thoughts !== '' && { reasoning_content: thoughts }),
  }
}

/**
 * Of an answer that was cut off; undefined where there is neither text nor thoughts. Its calls of tools are left out: nobody was told to
 * run them.
 */
export function keptOf(partial: ChoiceBuilder): AnswerMessage | undefined {
  const { message } = partial.finish({ reason: 'stop', promptTokens: 0, completionTokens: 0 })
  const { tool_calls: _, ...kept } = message
  return kept.content || kept.reasoning_content ? { ...kept, content: kept.content ?? '' } : undefined
}

function textOf({ content }: AssistantMessage): string {
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : part.refusal)).join('')
}
