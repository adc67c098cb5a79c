import { describe, expect, test } from 'vitest'
import type { AnswerPart } from './answer-part.ts'
import { createAnswerReader, thoughtClosing } from './answer-reader.ts'
import { writeToolCalls } from './call-format.ts'
import { maxCallLength } from './limits.ts'
import {
  call,
  cases,
  closed,
  content,
  deepseek,
  hermes,
  hermesCall,
  type Options,
  opened,
  read,
  reasoning,
  thinking,
  unreadable,
  warning,
} from './test-support/answer-cases.ts'

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
