/** A call in an earlier answer. */
export interface ConversationCall {
  readonly id: string
  readonly name: string
  /** JSON of an object, as the model wrote it. */
  readonly arguments: string
}

export type ConversationMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ConversationCall[] }
  | { readonly role: 'tool'; readonly content: string; readonly toolCallId: string }

/** A function that the model may call. */
export interface ConversationTool {
  readonly name: string
  readonly description?: string
  /** JSON schema of the arguments' object; absent: no arguments. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

/** As templates know tools: OpenAI's shape. */
export function toTemplateTools(tools: readonly ConversationTool[]): readonly Readonly<Record<string, unknown>>[] {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
    },
  }))
}
