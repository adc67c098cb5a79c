/** How a model writes calls of tools. `hermes` is Qwen's too. */
export type ToolCallFormat = 'hermes' | 'deepseek'

/** The text around names and arguments: `first`, then of each call `open` name `middle` arguments `close`, `between` them, and `last`. */
export interface ToolCallFrame {
  readonly first: string
  readonly open: string
  readonly middle: string
  readonly close: string
  readonly between: string
  readonly last: string
  /** Tags any of which begins a call. */
  readonly begin: readonly string[]
  /** What may follow the arguments, in order; models leave out some, or close one brace too many. */
  readonly end: readonly string[]
}

/** By format; what a constraint on tokens must force, and what the reader of answers looks for. */
export const toolCallFrames: Readonly<Record<ToolCallFormat, ToolCallFrame>> = {
  hermes: {
    first: '',
    open: '<tool_call>\n{"name": "',
    middle: '", "arguments": ',
    close: '}\n</tool_call>',
    between: '\n',
    last: '',
    begin: ['<tool_call>'],
    end: ['}', '</tool_call>'],
  },
  deepseek: {
    first: '<｜tool▁calls▁begin｜>',
    open: '<｜tool▁call▁begin｜>function<｜tool▁sep｜>',
    middle: '\n```json\n',
    close: '\n```<｜tool▁call▁end｜>',
    between: '\n',
    last: '<｜tool▁calls▁end｜>',
    begin: ['<｜tool▁calls▁begin｜>', '<｜tool▁call▁begin｜>'],
    end: ['```', '<｜tool▁call▁end｜>', '<｜tool▁calls▁end｜>'],
  },
}

/** Calls as the model itself would have written them; '' for none. */
export function writeToolCalls(
  format: ToolCallFormat,
  calls: readonly { readonly name: string; readonly arguments: string }[],
): string {
  if (calls.length === 0) return ''
  const { first, open, middle, close, between, last } = toolCallFrames[format]
  const texts = calls.map((call) => {
    const name = format === 'hermes' ? JSON.stringify(call.name).slice(1, -1) : call.name
    return open + name + middle + call.arguments + close
  })
  return first + texts.join(between) + last
}
