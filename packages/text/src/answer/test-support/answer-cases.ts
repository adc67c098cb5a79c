import { expect } from 'vitest'
import type { AnswerPart } from '../answer-part.ts'
import { type AnswerReaderOptions, createAnswerReader } from '../answer-reader.ts'
import { maxHeldWhiteSpace } from '../limits.ts'

export type Options = Omit<AnswerReaderOptions, 'newCallId'>

export function read(options: Options, pieces: readonly string[]): AnswerPart[] {
  let made = 0
  const reader = createAnswerReader({ ...options, newCallId: () => `id${made++}` })
  const parts = pieces.flatMap((piece) => reader.push(piece))
  const all = [...parts, ...reader.finish()]
  for (const part of all) if ('text' in part) expect(part.text).not.toMatch(/^$|[\ud800-\udbff]$|^[\udc00-\udfff]/)
  return joined(all)
}

/** Pieces of the same kind as one, however they were cut. */
function joined(parts: readonly AnswerPart[]): AnswerPart[] {
  const result: AnswerPart[] = []
  for (const part of parts) {
    const last = result.at(-1)
    if (last?.type === part.type && 'text' in last && 'text' in part && sameCall(last, part)) {
      result[result.length - 1] = { ...last, text: last.text + part.text }
    } else result.push(part)
  }
  return result
}

function sameCall(left: AnswerPart, right: AnswerPart): boolean {
  return left.type !== 'tool-arguments' || (right.type === 'tool-arguments' && left.index === right.index)
}

export const reasoning = (text: string): AnswerPart => ({ type: 'reasoning', text })
export const content = (text: string): AnswerPart => ({ type: 'content', text })
export const call = (index: number, name: string, text: string): AnswerPart[] => [
  { type: 'tool-call', index, id: `id${index}`, name },
  { type: 'tool-arguments', index, text },
]
export const warning = (message: string, index?: number): AnswerPart => ({
  type: 'warning',
  code: 'tool-call-malformed',
  message: expect.stringContaining(message),
  ...(index !== undefined && { index }),
})
export const unreadable = 'is not written as it should be'

export const thinking: Options = { thoughts: true }
export const opened: Options = { thoughts: true, before: '<think>\n' }
export const closed: Options = { thoughts: true, before: '<think>\n\n</think>\n\n' }
export const hermes: Options = { thoughts: true, calls: 'hermes' }
export const deepseek: Options = { thoughts: true, calls: 'deepseek' }

interface Case {
  readonly name: string
  readonly options: Options
  readonly text: string
  readonly parts: readonly AnswerPart[]
}

export const hermesCall = (json: string): string => `<tool_call>\n${json}\n</tool_call>`
const deepCall = (name: string, json: string): string =>
  `<｜tool▁call▁begin｜>function<｜tool▁sep｜>${name}\n\`\`\`json\n${json}\n\`\`\`<｜tool▁call▁end｜>`

export const cases: readonly Case[] = [
  { name: 'plain text', options: thinking, text: 'Hi 😀 <b>\n', parts: [content('Hi 😀 <b>\n')] },
  { name: 'white space first', options: hermes, text: '\n\n Hi', parts: [content('\n\n Hi')] },
  { name: 'a thought that is not first', options: thinking, text: '<<think>a', parts: [content('<<think>a')] },
  { name: 'nothing', options: hermes, text: '', parts: [] },
  { name: 'only white space', options: hermes, text: ' \n', parts: [content(' \n')] },
  {
    name: 'a thought',
    options: thinking,
    text: '<think>\n\nso\n\ntwo \n</think>\n\n 2\n',
    parts: [reasoning('so\n\ntwo '), content(' 2\n')],
  },
  {
    name: 'white space before a thought',
    options: thinking,
    text: '\n <think>a</think>b',
    parts: [reasoning('a'), content('b')],
  },
  { name: 'an empty thought', options: thinking, text: '<think>\n\n</think>\n\nb', parts: [content('b')] },
  {
    name: 'two thoughts',
    options: thinking,
    text: '<think>a</think>\n<think>\nb\n</think>c',
    parts: [reasoning('a\n\nb'), content('c')],
  },
  {
    name: 'a thought that the prompt began',
    options: opened,
    text: 'a\n</think>\n\nb</think>',
    parts: [reasoning('a'), content('b</think>')],
  },
  {
    name: 'a thought begun by prompt and model',
    options: opened,
    text: '<think>\na<think></think>b',
    parts: [reasoning('a<think>'), content('b')],
  },
  {
    name: 'a thought that the prompt closed',
    options: closed,
    text: 'a </think> <think>',
    parts: [content('a </think> <think>')],
  },
  { name: 'an open thought', options: opened, text: 'a\n\nb </thi', parts: [reasoning('a\n\nb </thi')] },
  { name: 'line feeds at the end of an open thought', options: opened, text: 'a\n\n', parts: [reasoning('a')] },
  {
    name: 'an end without a beginning',
    options: thinking,
    text: 'a\n</think>\n\nb</think>',
    parts: [content('a\n\n\nb</think>')],
  },
  {
    name: 'an end without a beginning, where there are tools',
    options: hermes,
    text: 'a\n</think>\n\nb',
    parts: [content('a\n\n\nb')],
  },
  { name: 'an end at once', options: thinking, text: '</think>\n\nb', parts: [content('b')] },
  {
    name: 'other tags',
    options: thinking,
    text: '<thinking>a</thinking> a < b <think>',
    parts: [content('<thinking>a</thinking> a < b <think>')],
  },
  {
    name: 'tags of a model that does not think',
    options: { thoughts: false },
    text: '<think>a</think>\n\nb',
    parts: [content('<think>a</think>\n\nb')],
  },
  {
    name: 'a call where there are no tools',
    options: thinking,
    text: hermesCall('{"name": "f", "arguments": {}}'),
    parts: [content(hermesCall('{"name": "f", "arguments": {}}'))],
  },
  {
    name: 'a call',
    options: hermes,
    text: hermesCall('{"name": "f", "arguments": {"a": [1, {"b": "}{"}], "c": "</tool_call>"}}'),
    parts: call(0, 'f', '{"a": [1, {"b": "}{"}], "c": "</tool_call>"}'),
  },
  {
    name: 'thought, text, calls and text',
    options: hermes,
    text: `<think>\nhm\n</think>\n\nLet me \n see. \n${hermesCall('{"name":"f","arguments":{"x":-1.5e3}}')}\n${hermesCall('{"arguments" : { } , "name":"g"}')}\n done \n`,
    parts: [
      reasoning('hm'),
      content('Let me \n see.'),
      ...call(0, 'f', '{"x":-1.5e3}'),
      ...call(1, 'g', '{ }'),
      content('done \n'),
    ],
  },
  {
    name: 'escapes',
    options: hermes,
    text: hermesCall('{"name": "\\u0066\\n", "arguments": {"q\\"": "\\\\\\" \\ud83d\\ude00 😀 \\u007d"}}'),
    parts: call(0, 'f\n', '{"q\\"": "\\\\\\" \\ud83d\\ude00 😀 \\u007d"}'),
  },
  {
    name: 'arguments in a string',
    options: hermes,
    text: hermesCall('{"name": "f", "arguments": " {\\"a\\": \\"\\\\n\\ud83d\\ude00\\n😀\\"}\\n"}'),
    parts: call(0, 'f', '{"a": "\\n😀\\n😀"}'),
  },
  {
    name: 'line feeds within strings',
    options: hermes,
    text: hermesCall('{"name": "f", "arguments": {"code": "a\n\tb"}}'),
    parts: call(0, 'f', '{"code": "a\\n\\tb"}'),
  },
  {
    name: 'other keys',
    options: hermes,
    text: hermesCall(
      '{"id": 7, "x": {"name": "no", "arguments": 1}, "name": "f", "parameters": {"name": "y"}, "ok": true, "z": [null]}',
    ),
    parts: call(0, 'f', '{"name": "y"}'),
  },
  {
    name: 'a function, as the API has it',
    options: hermes,
    text: hermesCall('{"type": "function", "function": {"name": "f", "arguments": "{\\"a\\": 1}"}}'),
    parts: call(0, 'f', '{"a": 1}'),
  },
  ...[
    '{"name": "f"}',
    '{"name": "f", "arguments": null}',
    '{"arguments":null,"name":"f"}',
    '{"name": "f", "arguments": ""}',
  ].map(
    (json): Case => ({
      name: `no arguments: ${json}`,
      options: hermes,
      text: hermesCall(json),
      parts: call(0, 'f', '{}'),
    }),
  ),
  {
    name: 'arguments beside the function',
    options: hermes,
    text: hermesCall('{"function": {"name": "f", "x": 1}, "y": {"name": "g"}, "arguments": {"a": 1}}'),
    parts: call(0, 'f', '{"a": 1}'),
  },
  {
    name: 'text that begins like another call',
    options: hermes,
    text: '<tool_call>{"name": "f", "arguments": {}}<{',
    parts: [...call(0, 'f', '{}'), content('<{')],
  },
  {
    name: 'two calls between one pair of tags',
    options: hermes,
    text: hermesCall('{"name": "f", "arguments": {}}\n{"name": "g", "arguments": {}}'),
    parts: [...call(0, 'f', '{}'), ...call(1, 'g', '{}')],
  },
  {
    name: 'a brace too few and one too many',
    options: hermes,
    text: `${hermesCall('{"name": "f", "arguments": {"a": 1}')}${hermesCall('{"name": "g", "arguments": {}}}')}`,
    parts: [...call(0, 'f', '{"a": 1}'), ...call(1, 'g', '{}')],
  },
  {
    name: 'a call whose tag is not closed',
    options: hermes,
    text: '<tool_call>{"name": "f", "arguments": {"a": 1}}',
    parts: call(0, 'f', '{"a": 1}'),
  },
  {
    name: 'a call that lacks its last brace at the end',
    options: hermes,
    text: '<tool_call>{"name": "f", "arguments": {"a": 1}\n',
    parts: call(0, 'f', '{"a": 1}'),
  },
  {
    name: 'a call cut short',
    options: hermes,
    text: 'a\n<tool_call>\n{"name": "f", "arguments": {"a": "b',
    parts: [content('a'), ...call(0, 'f', '{"a": "b'), warning('ends within the arguments of a call of "f"')],
  },
  {
    name: 'a call cut short before its arguments',
    options: hermes,
    text: 'a\n<tool_call>\n{"name": "f", "argu',
    parts: [content('a\n<tool_call>\n{"name": "f", "argu'), warning('is cut short')],
  },
  { name: 'a tag cut short', options: hermes, text: 'a\n<tool_c', parts: [content('a\n<tool_c')] },
  {
    name: 'a call that ends amid its closing tag',
    options: hermes,
    text: '<tool_call>{"name": "f", "arguments": {"a": 1}}\n</tool_c',
    parts: call(0, 'f', '{"a": 1}'),
  },
  {
    name: 'a call that breaks off in its arguments is void',
    options: hermes,
    text: hermesCall('{"name": "f", "arguments": {"a": oops}}'),
    parts: [
      { type: 'tool-call', index: 0, id: 'id0', name: 'f' },
      { type: 'tool-arguments', index: 0, text: '{"a": ' },
      content('<tool_call>\n{"name": "f", "arguments": {"a": '),
      warning(unreadable, 0),
      content('oops}}\n</tool_call>'),
    ],
  },
  {
    name: 'a call that breaks off before its arguments is not told of',
    options: hermes,
    text: hermesCall('{"name": "f", "arguments": {1}}'),
    parts: [content('<tool_call>\n{"name": "f", "arguments": {'), warning(unreadable), content('1}}\n</tool_call>')],
  },
  {
    name: 'a good call after a malformed one',
    options: hermes,
    text: `<tool_call>\n{"name" <tool_call>{"name": "f", "arguments": {}}</tool_call>`,
    parts: [content('<tool_call>\n{"name" '), warning(unreadable), ...call(0, 'f', '{}')],
  },
  {
    name: "DeepSeek's calls",
    options: deepseek,
    text: `<think>\na\n</think>\n\nb\n\n<｜tool▁calls▁begin｜>${deepCall('f', '{"a": "```"}')}\n${deepCall('g', '{}')}<｜tool▁calls▁end｜>`,
    parts: [reasoning('a'), content('b'), ...call(0, 'f', '{"a": "```"}'), ...call(1, 'g', '{}')],
  },
  {
    name: "DeepSeek's calls without the tags around all",
    options: deepseek,
    text: `${deepCall('f', '{}')}\n${deepCall('g', '{}')} c`,
    parts: [...call(0, 'f', '{}'), ...call(1, 'g', '{}'), content('c')],
  },
  {
    name: "V3.1's calls",
    options: deepseek,
    text: '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{"a": 1}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    parts: call(0, 'f', '{"a": 1}'),
  },
  {
    name: "DeepSeek's call that is none",
    options: deepseek,
    text: '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```python\nf()\n```',
    parts: [
      content('<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```'),
      warning(unreadable),
      content('python\nf()\n```'),
    ],
  },
  {
    name: "DeepSeek's tag without calls",
    options: deepseek,
    text: 'a <｜tool▁calls▁begin｜>\nb',
    parts: [content('a <｜tool▁calls▁begin｜>\n'), warning('has no call in it'), content('b')],
  },
  {
    name: 'long runs of white space',
    options: { ...hermes, ...opened },
    text: `a${'\n'.repeat(100)}</think>b${' '.repeat(100)}${hermesCall('{"name": "f", "arguments": {}}')}`,
    parts: [
      reasoning(`a${'\n'.repeat(100 - maxHeldWhiteSpace)}`),
      content(`b${' '.repeat(100 - maxHeldWhiteSpace)}`),
      ...call(0, 'f', '{}'),
    ],
  },
]
