import type { TemplateMessage } from '../chat-template/chat-template.ts'
import { TextError } from '../errors.ts'
import { writeToolCalls } from './call-format.ts'
import { callingMessage } from './calling-message.ts'
import { type ConversationMessage, type ConversationTool, toTemplateTools } from './conversation.ts'
import type { TemplateAbilities } from './describe-template.ts'

/** What to give to `ChatTemplate.render`. */
export interface TemplateConversation {
  readonly messages: readonly TemplateMessage[]
  readonly tools?: readonly Readonly<Record<string, unknown>>[]
}

/**
 * A conversation as the template wants it. Thoughts of earlier answers are left out. Tools that the template does not show
 * to the model are described in the system message.
 * @throws TextError `template-unsupported` for tools where the template knows no calls that can be read
 */
export function toTemplateMessages(
  messages: readonly ConversationMessage[],
  tools: readonly ConversationTool[] | undefined,
  abilities: TemplateAbilities,
): TemplateConversation {
  const names = new Map<string, string>()
  const given = messages.map((message) => toTemplateMessage(message, abilities, names))
  if (tools === undefined || tools.length === 0) return { messages: given }
  if (abilities.calls === undefined) throw unsupported('tools')
  if (abilities.tools) return { messages: given, tools: toTemplateTools(tools) }
  return { messages: withInstructions(given, describeTools(tools, abilities), abilities.system) }
}

function toTemplateMessage(
  message: ConversationMessage,
  abilities: TemplateAbilities,
  names: Map<string, string>,
): TemplateMessage {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content }
    case 'assistant': {
      const { toolCalls = [] } = message
      const content = abilities.thoughts ? withoutThoughts(message.content) : message.content
      if (toolCalls.length === 0) return { role: 'assistant', content }
      if (abilities.calls === undefined) throw unsupported('calls of tools')
      for (const { id, name } of toolCalls) names.set(id, name)
      return callingMessage(abilities.calls, toolCalls, content)
    }
    case 'tool': {
      if (!abilities.toolResults) throw unsupported('results of tools')
      const name = names.get(message.toolCallId)
      return {
        role: 'tool',
        content: message.content,
        tool_call_id: message.toolCallId,
        ...(name !== undefined && { name }),
      }
    }
    default:
      return message satisfies never
  }
}

/** An answer without the thoughts it begins with; nothing is left of one that was cut within them. */
function withoutThoughts(content: string): string {
  if (!/^\s*<think>/.test(content)) return content
  const end = content.indexOf('</think>')
  return end < 0 ? '' : content.slice(end + '</think>'.length).replace(/^[\r\n]+/, '')
}

function describeTools(tools: readonly ConversationTool[], { calls }: TemplateAbilities): string {
  const example = [{ name: 'NAME', arguments: '{"argument": "value"}' }]
  const lines = toTemplateTools(tools).map((tool) => JSON.stringify(tool))
  return `These functions can be called, each described by a line of JSON:\n${lines.join('\n')}\n\nTo call one, end the answer with its name and arguments written so:\n${writeToolCalls(calls?.format ?? 'hermes', example)}`
}

function withInstructions(
  messages: readonly TemplateMessage[],
  instructions: string,
  system: boolean,
): readonly TemplateMessage[] {
  const role = system ? 'system' : 'user'
  const at = messages.findIndex((message) => message.role === role)
  const target = messages[at]
  if (target === undefined) return [{ role, content: instructions }, ...messages]
  const own = String(target['content'])
  const content = system ? `${own}\n\n${instructions}` : `${instructions}\n\n${own}`
  return messages.with(at, { role, content: own === '' ? instructions : content })
}

function unsupported(what: string): TextError {
  return new TextError(
    'template-unsupported',
    `The model's chat template has no ${what} that can be understood: leave them out, or take a model that calls tools, such as Qwen2.5 or Qwen3.`,
    { what },
  )
}
