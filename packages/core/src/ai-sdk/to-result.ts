import type { LanguageModelV4Content, LanguageModelV4GenerateResult, SharedV4Warning } from '@ai-sdk/provider'
import type { ChatCompletion } from '../chat/answer-types.ts'
import { SampanError } from '../errors.ts'
import { cutCallWarning, finishReasonOf, isWholeCall, metadataOf, usageOf } from './answer-facts.ts'

/** A whole answer in the AI SDK's words. Warnings of the answer join those of the request. */
export function toResult(answer: ChatCompletion, warnings: SharedV4Warning[]): LanguageModelV4GenerateResult {
  const [choice] = answer.choices
  if (!choice) throw new SampanError('internal', 'The answer has no choice.')
  const { message, logprobs } = choice
  const content: LanguageModelV4Content[] = []
  const answerWarnings = [...(message.warnings ?? [])]
  if (message.reasoning_content) content.push({ type: 'reasoning', text: message.reasoning_content })
  if (message.content) content.push({ type: 'text', text: message.content })
  for (const { id, function: call } of message.tool_calls ?? [])
    if (isWholeCall(call.arguments))
      content.push({ type: 'tool-call', toolCallId: id, toolName: call.name, input: call.arguments })
    else answerWarnings.push(cutCallWarning(call.name))
  return {
    content,
    finishReason: finishReasonOf(choice.finish_reason),
    usage: usageOf(answer.usage),
    warnings: [...warnings, ...answerWarnings.map(({ message: text }) => ({ type: 'other' as const, message: text }))],
    providerMetadata: metadataOf({
      fingerprint: answer.system_fingerprint,
      warnings: answerWarnings,
      logprobs: logprobs?.content ?? [],
      record: answer.record,
    }),
    response: { id: answer.id, timestamp: new Date(answer.created * 1000), modelId: answer.model },
  }
}
