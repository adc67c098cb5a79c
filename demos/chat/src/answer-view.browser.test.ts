import type { AnswerDelta } from '@sampan/core'
import { afterEach, describe, expect, it } from 'vitest'
import { AnswerView } from './answer-view.ts'
import { stringsOf } from './strings.ts'

const strings = stringsOf('en')

const begin = (index: number, name: string): AnswerDelta => ({
  tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }],
})
const more = (index: number, text: string): AnswerDelta => ({ tool_calls: [{ index, function: { arguments: text } }] })
const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve))

function newView(): AnswerView {
  const view = new AnswerView(strings)
  document.body.append(view.root)
  return view
}

function shown(deltas: readonly AnswerDelta[], complete = true): HTMLElement {
  const view = newView()
  for (const delta of deltas) view.push(delta, () => undefined)
  view.finish(complete)
  return view.root
}

const text = (node: Element | null): string => node?.textContent ?? ''

afterEach(() => document.body.replaceChildren())

describe('AnswerView', () => {
  it('folds thoughts, with the time they took, before the answer', () => {
    const root = shown([{ reasoning_content: '\n2 +' }, { reasoning_content: ' 2\n' }, { content: 'Four.' }])
    const details = root.querySelector('details')
    expect(details?.open).toBe(false)
    expect(text(root.querySelector('details .text'))).toBe('2 + 2')
    expect(text(root.querySelector('summary'))).toMatch(/^Thought for [\d.]+ s$/)
    expect([...root.childNodes].map((node) => node.textContent).at(-1)).toBe('Four.')
  })

  it('tells a thought that was cut from one that has ended, and shows no empty ones', () => {
    expect(text(shown([{ reasoning_content: 'hm' }], false).querySelector('summary'))).toBe(strings.thoughtUnfinished)
    expect(text(shown([{ reasoning_content: 'hm' }]).querySelector('summary'))).toMatch(/^Thought for/)
    expect(shown([{ reasoning_content: '\n\n' }, { content: 'Hi' }]).querySelector('details')).toBeNull()
  })

  it('shows the name of a call first, then its arguments as they come', async () => {
    const view = newView()
    view.push(begin(0, 'get_weather'), () => undefined)
    await nextFrame()
    expect(text(view.root.querySelector('figcaption'))).toContain('Wants to call get_weather')
    expect(text(view.root.querySelector('pre'))).toBe('')
    view.push(more(0, '{"city": "Os'), () => undefined)
    await nextFrame()
    expect(text(view.root.querySelector('pre'))).toBe('{"city": "Os')
    expect(text(view.root)).not.toContain(strings.callNotRun)
    view.push(more(0, 'lo"}'), () => undefined)
    view.finish(true)
    expect(text(view.root.querySelector('pre'))).toBe('{\n  "city": "Oslo"\n}')
    expect(text(view.root)).toContain(strings.callNotRun)
  })

  it('keeps several calls and the text around them apart', () => {
    const root = shown([{ content: 'First.' }, begin(0, 'f'), more(0, '{}'), begin(1, 'g'), more(1, '{"a": [1]}')])
    expect([...root.querySelectorAll('figcaption code')].map(text)).toEqual(['f', 'g'])
    expect([...root.querySelectorAll('pre')].map(text)).toEqual(['{}', '{\n  "a": [\n    1\n  ]\n}'])
    expect(text(root)).toMatch(/^First\./)
  })

  it('leaves a call that was cut as it is, and says nothing of running it', () => {
    const root = shown([begin(0, 'f'), more(0, '{"a": ')], false)
    expect(text(root.querySelector('pre'))).toBe('{"a": ')
    expect(text(root)).not.toContain(strings.callNotRun)
  })

  it('takes away the card of a void call, whose text is in the content, and passes the warning on', () => {
    const warning = { code: 'tool-call-malformed', message: 'No call of a tool.' } as const
    const root = shown([
      begin(0, 'f'),
      more(0, '{"a"'),
      { content: '<tool_call>{"a" b' },
      { warnings: [{ ...warning, index: 0 }] },
    ])
    expect(root.querySelector('figure')).toBeNull()
    expect(text(root)).toBe(`<tool_call>{"a" b${warning.message}`)
    const chinese = new AnswerView(stringsOf('zh-Hans'))
    chinese.push({ warnings: [warning] }, () => undefined)
    chinese.finish(true)
    expect(text(chinese.root)).toMatch(/工具调用/)
  })

  it('shows JSON and fenced code as figures, and tags that are talked about as text', () => {
    expect(text(shown([{ content: '{"a":' }, { content: ' 1}' }]).querySelector('figure.json pre'))).toBe(
      '{\n  "a": 1\n}',
    )
    const mixed = shown([{ content: 'Write <think> and <tool_call>.\n```js\n' }, { content: 'let a\n```\nDone.' }])
    expect(text(mixed.querySelector('pre'))).toBe('let a\n')
    expect(text(mixed)).toMatch(/^Write <think> and <tool_call>\./)
    expect(shown([{ content: '[a note] that goes on' }]).querySelector('figure')).toBeNull()
  })
})
