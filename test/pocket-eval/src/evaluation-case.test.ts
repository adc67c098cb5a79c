import { describe, expect, it } from 'vitest'
import { chooseCases } from './choose-cases.ts'
import { parseCases, questionCases } from './evaluation-case.ts'

const plain = {
  id: 'a',
  task: 'form',
  lang: 'en',
  messages: [{ role: 'user', content: 'hi' }],
  expected: { kind: 'text', value: 'x' },
}
const read = (part: object) => parseCases(`${JSON.stringify({ ...plain, ...part })}\n`, 'by-hand')

describe('cases', () => {
  it('are read, with what may be left out', () => {
    expect(read({})).toMatchObject([{ source: 'by-hand', thinking: false, copied: [], outside: false }])
    expect(read({ expected: { kind: 'json', value: null } })[0]?.expected).toEqual({ kind: 'json', value: null })
  })

  it('name what is wrong, with the line', () => {
    expect(() => read({ lang: 'fr' })).toThrow('by-hand, line 1: lang')
    expect(() => read({ messages: [] })).toThrow('messages is no list')
    expect(() => read({ messages: [{ content: 'x' }] })).toThrow('messages[0] has no role')
    expect(() => read({ expected: { kind: 'json' } })).toThrow('expected.value is missing')
    expect(() => read({ expected: { kind: 'poem', value: '' } })).toThrow('expected.kind is not known: poem')
    expect(() => read({ expected: { kind: 'calls', value: [{ name: 'a' }] } })).toThrow('[0] has no name and arguments')
    expect(() => read({ copied: [1] })).toThrow('copied[0] is no text')
  })

  it('come from lists of questions as well', () => {
    expect(questionCases('Why?\n\n How? \n', 'outside', 'en')).toMatchObject([
      { id: 'outside-en-1', outside: true, expected: { kind: 'beyond' }, messages: [{ content: 'Why?' }] },
      { id: 'outside-en-3', messages: [{ content: 'How?' }] },
    ])
    expect(questionCases('hi', 'inside', 'zh')[0]).toMatchObject({ outside: false, expected: { kind: 'inside' } })
  })

  it('are chosen by task, language and count of each', () => {
    const cases = ['en', 'en', 'zh'].flatMap((lang) => ['form', 'chat'].flatMap((task) => read({ lang, task })))
    expect(chooseCases(cases, { count: 1 })).toHaveLength(4)
    expect(chooseCases(cases, { task: 'form', lang: 'en' })).toHaveLength(2)
    expect(chooseCases(cases, {})).toEqual(cases)
  })
})
