import { describe, expect, it } from 'vitest'
import { ReplySplitter } from './reply-splitter.ts'

function split(reply: string, size = reply.length): string {
  let seen = ''
  const splitter = new ReplySplitter({
    text: (text) => {
      seen += text
    },
    openThought: (retroactive) => {
      seen = retroactive ? `(${seen}` : `${seen}(`
    },
    thought: (text) => {
      seen += text
    },
    closeThought: (complete) => {
      seen += complete ? ')' : '…)'
    },
    call: (text, complete) => {
      seen += `[${text.trim()}${complete ? '' : '…'}]`
    },
  })
  for (let at = 0; at < reply.length; at += Math.max(1, size)) splitter.push(reply.slice(at, at + Math.max(1, size)))
  splitter.finish()
  return seen
}

const call = '{"name": "f", "arguments": {}}'

describe('ReplySplitter', () => {
  it.each([
    ['plain', 'Hello!', 'Hello!'],
    ['a thought', '<think>\n2 < 3\n</think>\n\nYes.', '(\n2 < 3\n)Yes.'],
    ['an empty thought', '<think>\n\n</think>\n\nYes.', '(\n\n)Yes.'],
    ['a thought that never ends', '<think>\nhm', '(\nhm…)'],
    ['a thought opened by the prompt', 'hm\n</think>\n\nYes.', '(hm\n)Yes.'],
    ['a call', `<tool_call>\n${call}\n</tool_call>`, `[${call}]`],
    [
      'text and two calls',
      `Well.\n<tool_call>${call}</tool_call>\n<tool_call>${call}</tool_call>`,
      `Well.\n[${call}][${call}]`,
    ],
    ['a call that never ends', `<tool_call>\n{"name"`, '[{"name"…]'],
    ['a thought before a call', `<think>a</think>\n<tool_call>${call}</tool_call>`, `(a)[${call}]`],
    [
      'tags that are talked about',
      'Write <think> first, <b>, a < b and </tool_call>.',
      'Write <think> first, <b>, a < b and </tool_call>.',
    ],
    ['a second end', '<think>a</think>b</think>c', '(a)b</think>c'],
    ['a tag cut off by the end', 'a <thin', 'a <thin'],
    ['a tag in a call', '<tool_call>{"x": "<think>"}</tool_call>', '[{"x": "<think>"}]'],
  ])('%s, however it is cut', (_, reply, expected) => {
    for (let size = 1; size <= reply.length; size++) expect(split(reply, size)).toBe(expected)
  })
})
