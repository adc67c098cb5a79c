import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool, SharedV4Warning } from '@ai-sdk/provider'
import type { FunctionTool, ToolChoice } from '../chat/request-types.ts'

/** Tools that run on a provider's servers, and examples of inputs, are left out with a warning. */
export function toTools(given: LanguageModelV4CallOptions['tools'] = []): {
  readonly tools: FunctionTool[] | undefined
  readonly warnings: SharedV4Warning[]
} {
  const tools: FunctionTool[] = []
  const warnings: SharedV4Warning[] = []
  for (const tool of given) {
    if (tool.type === 'provider') {
      const details = 'Tools that a provider runs need its servers: Sampan has none.'
      warnings.push({ type: 'unsupported', feature: `tool ${tool.id}`, details })
      continue
    }
    if (tool.inputExamples && tool.inputExamples.length > 0)
      warnings.push({
        type: 'unsupported',
        feature: `inputExamples of the tool ${tool.name}`,
        details:
          'The model is not told of them; the middleware `addToolInputExamplesMiddleware` of `ai` puts them into the description.',
      })
    tools.push(toTool(tool))
  }
  return { tools: tools.length > 0 ? tools : undefined, warnings }
}

function toTool({ name, description, inputSchema, strict }: LanguageModelV4FunctionTool): FunctionTool {
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: { ...inputSchema },
      ...(strict !== undefined && { strict }),
    },
  }
}

export function toToolChoice(choice: LanguageModelV4CallOptions['toolChoice']): ToolChoice | undefined {
  switch (choice?.type) {
    case undefined:
      return undefined
    case 'auto':
    case 'none':
    case 'required':
      return choice.type
    case 'tool':
      return { type: 'function', function: { name: choice.toolName } }
    default:
      return choice satisfies never
  }
}
