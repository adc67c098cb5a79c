import type { TemplateMessage } from '../chat-template/chat-template.ts'
import { type ToolCallFormat, writeToolCalls } from './call-format.ts'
import type { ConversationCall } from './conversation.ts'

/** How a template, and so the model, deals with calls of tools. */
export interface CallAbilities {
  readonly format: ToolCallFormat
  /** `content`: the template loses or garbles some calls, which therefore have to be written into the content. */
  readonly writtenBy: 'template' | 'content'
  /** `string`: puts the JSON into the prompt as it stands. `object`: writes it anew. */
  readonly argumentsAs: 'string' | 'object'
  /** What stands for the content where there is none. */
  readonly noContent: null | ''
}

/** An answer with calls, as the template wants it. */
export function callingMessage(
  { format, writtenBy, argumentsAs, noContent }: CallAbilities,
  calls: readonly ConversationCall[],
  text: string,
): TemplateMessage {
  if (writtenBy === 'content') {
    const space = text === '' || format === 'deepseek' ? '' : '\n'
    return { role: 'assistant', content: text + space + writeToolCalls(format, calls) }
  }
  return {
    role: 'assistant',
    content: text === '' ? noContent : text,
    tool_calls: calls.map(({ id, name, arguments: json }) => ({
      id,
      type: 'function',
      function: { name, arguments: argumentsAs === 'string' ? json : parsed(json) },
    })),
  }
}

/** Text that is no JSON stays text. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}
