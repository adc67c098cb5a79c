import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider'
import { fieldUnsupported } from '../chat/request-fields.ts'
import type { AssistantMessage, ChatMessage, FunctionToolCall, ToolMessage } from '../chat/request-types.ts'
import { SampanError } from '../errors.ts'

type Message<Role extends LanguageModelV4Message['role']> = Extract<LanguageModelV4Message, { role: Role }>

/**
 * The AI SDK's prompt as messages of the chat API.
 * @throws SampanError `request-unsupported` for what is no text: files, images, parts of other providers.
 */
export function toMessages(prompt: LanguageModelV4Prompt): ChatMessage[] {
  return prompt.flatMap((message, index): ChatMessage | ChatMessage[] => {
    const path = `prompt[${index}]`
    switch (message.role) {
      case 'system':
        return { role: 'system', content: message.content }
      case 'user':
        return { role: 'user', content: toUserText(message, path) }
      case 'assistant':
        return toAssistant(message, path)
      case 'tool':
        return toToolMessages(message, path)
      default:
        return message satisfies never
    }
  })
}

function toUserText({ content }: Message<'user'>, path: string): string {
  return content
    .map((part, index) => {
      if (part.type === 'file') throw fileRefused(`${path}.content[${index}]`, part.mediaType)
      return part.text
    })
    .join('')
}

function toAssistant({ content }: Message<'assistant'>, path: string): AssistantMessage {
  const texts: string[] = []
  const thoughts: string[] = []
  const calls: FunctionToolCall[] = []
  for (const [index, part] of content.entries())
    switch (part.type) {
      case 'text':
        texts.push(part.text)
        break
      case 'reasoning':
        thoughts.push(part.text)
        break
      case 'tool-call':
        calls.push({
          id: part.toolCallId,
          type: 'function',
          function: { name: part.toolName, arguments: JSON.stringify(part.input ?? {}) },
        })
        break
      case 'file':
      case 'reasoning-file':
        throw fileRefused(`${path}.content[${index}]`, part.mediaType)
      case 'custom':
      case 'tool-result':
        throw fieldUnsupported(`${path}.content[${index}].type`, part.type)
      default:
        part satisfies never
    }
  return {
    role: 'assistant',
    content: texts.join(''),
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join('') }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

/** A message for each result. Approvals are left out: the AI SDK runs what was approved, and says what was denied as a result. */
function toToolMessages({ content }: Message<'tool'>, path: string): ToolMessage[] {
  return content.flatMap((part, index) => {
    if (part.type === 'tool-approval-response') return []
    return [toToolMessage(part, `${path}.content[${index}]`)]
  })
}

function toToolMessage({ toolCallId, output }: LanguageModelV4ToolResultPart, path: string): ToolMessage {
  return { role: 'tool', tool_call_id: toolCallId, content: toResultText(output, `${path}.output`) }
}

function toResultText(output: LanguageModelV4ToolResultOutput, path: string): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value)
    case 'execution-denied':
      return output.reason ?? 'The user did not allow this call.'
    case 'content':
      return output.value
        .map((part, index) => {
          const at = `${path}.value[${index}]`
          if (part.type === 'text') return part.text
          throw part.type === 'file' ? fileRefused(at, part.mediaType) : fieldUnsupported(`${at}.type`, part.type)
        })
        .join('')
    default:
      return output satisfies never
  }
}

function fileRefused(field: string, mediaType: string): SampanError {
  return new SampanError(
    'request-unsupported',
    `${field} is a file (${mediaType}), and the models here read text only: leave it out, or send its text.`,
    { field },
  )
}
