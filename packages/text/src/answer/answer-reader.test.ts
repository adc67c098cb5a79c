import { describe, expect, test } from 'vitest'
import type { AnswerPart } from './answer-part.ts'
import { type AnswerReaderOptions, createAnswerReader, thoughtClosing } from './answer-reader.ts'
import { writeToolCalls } from './call-format.ts'
import { maxCallLength, maxHeldWhiteSpace } from './limits.ts'

type Options = Omit<AnswerReaderOptions, 'newCallId'>

function read(options: Options, pieces: readonly string[]): AnswerPart[] {
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

const reasoning = (text: string): AnswerPart => ({ type: 'reasoning', text })
const content = (text: string): AnswerPart => ({ type: 'content', text })
const call = (index: number, name: string, text: string): AnswerPart[] => [
  { type: 'tool-call', index, id: `id${index}`, name },
  { type: 'tool-arguments', index, text },
]
const warning = (message: string, index?: number): AnswerPart => ({
  type: 'warning',
  code: 'tool-call-malformed',
  message: expect.stringContaining(message),
  ...(index !== undefined && { index }),
})
const unreadable = 'is not written as it should be'

const thinking: Options = { thoughts: true }
const opened: Options = { thoughts: true, before: '<think>\n' }
const closed: Options = { thoughts: true, before: '<think>\n\n</think>\n\n' }
const hermes: Options = { thoughts: true, calls: 'hermes' }
const deepseek: Options = { thoughts: true, calls: 'deepseek' }

interface Case {
  readonly name: string
  readonly options: Options
  readonly text: string
  readonly parts: readonly AnswerPart[]
}

const hermesCall = (json: string): string => `<tool_call>\n${json}\n</tool_call>`
const deepCall = (name: string, json: string): string =>
  `<｜tool▁call▁begin｜>function<｜tool▁sep｜>${name}\n\`\`\`json\n${json}\n\`\`\`<｜tool▁call▁end｜>`

const cases: readonly Case[] = [
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

describe('an answer gives the same parts wherever it is cut', () => {
  for (const { name, options, text, parts } of cases) {
    test(name, () => {
      expect(read(options, [text])).toEqual(parts)
      expect(
        read(
          options,
          Array.from({ length: text.length }, (_, at) => text.charAt(at)),
        ),
      ).toEqual(parts)
      for (let at = 0; at <= text.length; at++) {
        expect(read(options, [text.slice(0, at), text.slice(at)]), `cut at ${at}`).toEqual(parts)
      }
      const random = randomNumbers(text.length)
      for (let turn = 0; turn < 40; turn++) {
        expect(read(options, randomPieces(text, random)), `turn ${turn}`).toEqual(parts)
      }
    })
  }

  test('soups of tags, braces and quotes', () => {
    const random = randomNumbers(5)
    const words = [
      '<think>',
      '</think>',
      '<tool_call>',
      '</tool_call>',
      '{"name": "f", "arguments": {',
      '}}',
      '"',
      '\\',
      '{',
      '}',
      '\n',
      ' ',
      'a',
      '😀',
      '<',
      '</',
      ',',
      '"name":"f"',
      '"arguments":"{}"',
      '<｜tool▁calls▁begin｜>',
      '<｜tool▁call▁begin｜>',
      'function<｜tool▁sep｜>f\n```json\n',
      '```',
      '<｜tool▁call▁end｜>',
      '<｜tool▁calls▁end｜>',
    ]
    for (let turn = 0; turn < 1500; turn++) {
      const text = Array.from({ length: random(14) }, () => words[random(words.length)] ?? '').join('')
      const options =
        [hermes, deepseek, thinking, { ...hermes, ...opened }, { ...deepseek, ...closed }][random(5)] ?? hermes
      const whole = read(options, [text])
      expect(
        read(
          options,
          Array.from({ length: text.length }, (_, at) => text.charAt(at)),
        ),
        text,
      ).toEqual(whole)
      expect(read(options, randomPieces(text, random)), text).toEqual(whole)
    }
  })
})

function randomPieces(text: string, random: (below: number) => number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const length = 1 + random(9)
    pieces.push(text.slice(at, at + length))
    at += length
  }
  return pieces
}

/** A linear congruential generator (Numerical Recipes), the same numbers each time. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('what is no call stands in the content, with a warning', () => {
  const jsons = [
    "{'name': 'f'}",
    'f(1)',
    '',
    '{"name": 1}',
    '{"name": "", "arguments": {}}',
    '{"arguments": {}}',
    '[]',
    '{"name": "f", "arguments": [1]}',
    '{"name": "f", "arguments": "x"}',
    '{"name": "f", "arguments": "{\\"a\\": 1"}',
    '{"name": "f", "arguments": {1}}',
    '{"name": "f", "arguments": {"a": 01}}',
    '{"name": "f", "arguments": {"a": "\\x"}}',
    '{"name": "f" "arguments": {}}',
    '{"name": "f", "x": {"y": 1 ',
    '{"name": "f", "arguments": {"a": 1}, }',
    `{"${'k'.repeat(1000)}": 1}`,
    `{"name": "${'f'.repeat(1000)}"}`,
  ]
  for (const json of jsons) {
    test(json.slice(0, 60), () => {
      const text = `a\n\n${hermesCall(json)} b`
      const whole = read(hermes, [text])
      expect(read(hermes, [...text])).toEqual(whole)
      expect(whole.map((part) => (part.type === 'content' ? part.text : '')).join('')).toBe(text)
      expect(whole.filter((part) => part.type === 'warning')).toHaveLength(1)
      const warned = whole.find((part) => part.type === 'warning')
      expect(warned?.index).toBe(whole.find((part) => part.type === 'tool-call')?.index)
    })
  }
})

describe('calls that the format writes are read back', () => {
  for (const format of ['hermes', 'deepseek'] as const) {
    test(format, () => {
      const random = randomNumbers(11)
      for (let turn = 0; turn < 300; turn++) {
        const calls = Array.from({ length: 1 + random(3) }, (_, at) => ({
          name: `tool-${at}`,
          arguments: JSON.stringify(randomObject(random, 3), null, random(3)),
        }))
        const text = writeToolCalls(format, calls)
        const parts = read({ thoughts: true, calls: format }, randomPieces(text, random))
        expect(parts, text).toEqual(calls.flatMap(({ name, arguments: json }, index) => call(index, name, json)))
      }
    })
  }
})

function randomObject(random: (below: number) => number, depth: number): Record<string, unknown> {
  const strings = ['', 'a', '"', '\\', '}{', '</tool_call>', '\n```<｜tool▁call▁end｜>', '😀', '\u0001', '<think>', "'"]
  const string = (): string => Array.from({ length: random(4) }, () => strings[random(strings.length)] ?? '').join('')
  const value = (level: number): unknown =>
    [
      () => string(),
      () => random(1000) / 8 - 50,
      () => [true, null, 1e300][random(3)],
      () => (level === 0 ? [] : Array.from({ length: random(3) }, () => value(level - 1))),
      () => (level === 0 ? {} : randomObject(random, level - 1)),
    ][random(5)]?.()
  return Object.fromEntries(Array.from({ length: random(4) }, () => [string(), value(depth)]))
}

describe('how much is held back', () => {
  const given = (parts: readonly AnswerPart[]): number =>
    parts.reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 0)

  test('of text, no more than white space or a piece of a tag', () => {
    const reader = createAnswerReader(hermes)
    const text = 'a < b, <tool and <tool_cal are no tags. '.repeat(20)
    let behind = 0
    for (const [at, character] of [...text].entries()) {
      behind += 1 - given(reader.push(character))
      expect(behind, text.slice(0, at + 1)).toBeLessThanOrEqual('<tool_call'.length)
      if (/[^\s<]/.test(character) && !/<[a-z_]*$/.test(text.slice(0, at + 1))) expect(behind).toBe(0)
    }
  })

  test('of arguments nothing, once the object has begun', () => {
    const reader = createAnswerReader(hermes)
    reader.push('<tool_call>{"name": "f", "arguments": {"')
    for (const character of 'key": "a < b </tool_call> {}", "other": [1, ') {
      expect(reader.push(character)).toEqual([{ type: 'tool-arguments', index: 0, text: character }])
    }
  })

  test('of thoughts nothing but line feeds and a piece of a tag', () => {
    const reader = createAnswerReader(opened)
    expect(reader.push('a')).toEqual([reasoning('a')])
    expect(reader.push('\n')).toEqual([])
    expect(reader.push('b <')).toEqual([reasoning('\nb ')])
    expect(reader.push('x')).toEqual([reasoning('<x')])
  })

  test('of a call no more than the limit', () => {
    const opening = '<tool_call>{"name": "f", "other": "'
    const parts = read(hermes, [opening, 'x'.repeat(maxCallLength), 'y'])
    expect(parts).toEqual([
      content(opening + 'x'.repeat(maxCallLength - opening.length)),
      warning(`is longer than ${maxCallLength} characters`),
      content(`${'x'.repeat(opening.length)}y`),
    ])
  })

  test('nesting is bounded', () => {
    const text = `<tool_call>{"name": "f", "arguments": {"a": ${'['.repeat(10_000)}`
    expect(createAnswerReader(hermes).push(text)).toContainEqual(warning(unreadable, 0))
  })
})

describe('within a thought or not', () => {
  test('as the text says', () => {
    const reader = createAnswerReader(thinking)
    const states = ['<', 'think>', '\na', '</th', 'ink>', 'b'].map((piece) => {
      reader.push(piece)
      return reader.inReasoning
    })
    expect(states).toEqual([false, true, true, true, false, false])
  })

  test('a thought that the prompt began can be closed from outside', () => {
    const reader = createAnswerReader({ ...hermes, ...opened })
    expect(reader.inReasoning).toBe(true)
    expect(reader.push('and so on <tool_call>')).toEqual([reasoning('and so on <tool_call>')])
    expect(reader.push(thoughtClosing)).toEqual([])
    expect(reader.inReasoning).toBe(false)
    expect(reader.push('two')).toEqual([content('two')])
  })

  test('an answer that is gone on with', () => {
    const options: Options = { thoughts: true, before: '<think>\na\n</think>\n\nfoo' }
    expect(read(options, ['\nbar'])).toEqual([content('\nbar')])
    expect(read({ thoughts: true, before: '<think>\nfoo' }, ['\nbar', '</think>x'])).toEqual([
      reasoning('\nbar'),
      content('x'),
    ])
    expect(createAnswerReader(closed).inReasoning).toBe(false)
  })
})

test('whole calls are counted, cut and void ones are not', () => {
  const whole = hermesCall('{"name": "f", "arguments": {}}')
  const counts = [
    whole,
    `${whole}${whole}`,
    '<tool_call>{"name": "f", "arguments": {"a": 1}',
    '<tool_call>{"name": "f", "arguments": {"a": ',
    hermesCall('{"name": "f", "arguments": {"a": x}}'),
    'a',
  ].map((text) => {
    const reader = createAnswerReader(hermes)
    reader.push(text)
    reader.finish()
    return reader.wholeCalls
  })
  expect(counts).toEqual([1, 2, 1, 0, 0, 0])
  const reader = createAnswerReader(hermes)
  reader.push('<tool_call>{"name": "f", "arguments": {}')
  expect(reader.wholeCalls).toBe(0)
  reader.push('}')
  expect(reader.wholeCalls).toBe(1)
})

test('ids differ', () => {
  const ids = Array.from({ length: 3 }, () =>
    createAnswerReader(hermes)
      .push(hermesCall('{"name": "f", "arguments": {}}'))
      .map((part) => (part.type === 'tool-call' ? part.id : '')),
  )
  expect(new Set(ids.flat().filter((id) => /^call_[0-9a-f]{24}$/.test(id))).size).toBe(3)
})

test('a call that the model itself leaves unfinished is void, and text', () => {
  const reader = createAnswerReader({ thoughts: false, calls: 'hermes', newCallId: () => 'id' })
  const text = '<tool_call>\n{"name": "f", "arguments": {"a": "b'
  const begun = reader.push(text)
  expect(begun[0]).toEqual({ type: 'tool-call', index: 0, id: 'id', name: 'f' })
  expect(reader.finish({ cut: false })).toEqual([
    { type: 'content', text },
    { type: 'warning', code: 'tool-call-malformed', message: expect.stringContaining('left unfinished'), index: 0 },
  ])
  expect(reader.wholeCalls).toBe(0)
})
