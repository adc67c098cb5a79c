import { describe, expect, test } from 'vitest'
import { readAnswerTemplate, readFixture, readFixtureText } from '../../fixtures/read.ts'
import { createChatTemplate } from '../chat-template/chat-template.ts'
import { encodePrompt } from '../prompt.ts'
import { tokenizerFromJson } from '../tokenizer/from-json.ts'
import { type AnswerReader, createAnswerReader } from './answer-reader.ts'
import type { ConversationMessage } from './conversation.ts'
import { describeTemplate } from './describe-template.ts'
import { type AnswerPrompt, type PromptOptions, renderPrompt } from './render-prompt.ts'
import { toTemplateMessages } from './template-messages.ts'

const tokens = { bosToken: '<｜begin▁of▁sentence｜>', eosToken: '<｜end▁of▁sentence｜>' }
const { tools } = readFixture('answers.expected.json')
const hello: ConversationMessage = { role: 'user', content: 'Hi' }

function render(model: string, options: PromptOptions): AnswerPrompt {
  const template = createChatTemplate(model.includes('{') ? model : readAnswerTemplate(model), tokens)
  return renderPrompt(template, describeTemplate(template), options)
}

const readerOf = ({ answerBegin }: AnswerPrompt): AnswerReader =>
  createAnswerReader({ thoughts: true, before: answerBegin })

describe('thoughts on and off', () => {
  const ends = (model: string, thinking?: boolean): [string, boolean] => {
    const prompt = render(model, { messages: [hello], thinking })
    return [prompt.text.slice(prompt.text.search(/(?<=Hi).*$/s)), readerOf(prompt).inReasoning]
  }

  test('by the switch of the template', () => {
    const begin = '<|im_end|>\n<|im_start|>assistant\n'
    expect(ends('thoughts-switched')).toEqual([begin, false])
    expect(ends('thoughts-switched', true)).toEqual([begin, false])
    expect(ends('thoughts-switched', false)).toEqual([`${begin}<think>\n\n</think>\n\n`, false])
  })

  test('without a switch', () => {
    expect(ends('thoughts-opened')).toEqual(['<｜Assistant｜><think>\n', true])
    expect(ends('thoughts-opened', true)).toEqual(['<｜Assistant｜><think>\n', true])
    expect(ends('thoughts-opened', false)).toEqual(['<｜Assistant｜><think>\n\n</think>\n\n', false])
    expect(ends('thoughts-dropped')).toEqual(['<｜Assistant｜>', false])
    expect(ends('thoughts-dropped', true)).toEqual(['<｜Assistant｜><think>\n', true])
    expect(ends('thoughts-dropped', false)).toEqual(['<｜Assistant｜><think>\n\n</think>\n\n', false])
  })

  test('not in a model that does not think', () => {
    for (const thinking of [undefined, true, false]) {
      expect(ends('calls-object', thinking)).toEqual(['<|im_end|>\n<|im_start|>assistant\n', false])
    }
  })

  test("by the template's own variable", () => {
    const { answerBegin } = render('thoughts-switched', { messages: [hello], variables: { enable_thinking: false } })
    expect(answerBegin).toBe('<think>\n\n</think>\n\n')
  })

  test('thoughts of earlier answers are not sent back, closed or not', () => {
    for (const model of ['thoughts-switched', 'pocket', 'thoughts-opened', 'thoughts-dropped']) {
      for (const content of ['<think>\nsecret\n</think>\n\nseen', '\n<think>secret</think>seen', 'seen']) {
        const { text } = render(model, { messages: [hello, { role: 'assistant', content }, hello] })
        expect(text).not.toContain('secret')
        expect(text).toMatch(/[\n｜]>?seen<[|｜]/)
      }
      const cut: ConversationMessage = { role: 'assistant', content: '<think>\nsecret' }
      expect(render(model, { messages: [hello, cut, hello] }).text).not.toContain('secret')
    }
  })

  test('only thoughts that an answer begins with are left out', () => {
    const abilities = describeTemplate(createChatTemplate(readAnswerTemplate('thoughts-switched')))
    const content = 'Tags: <think>a</think>'
    expect(toTemplateMessages([{ role: 'assistant', content }], undefined, abilities).messages).toEqual([
      { role: 'assistant', content },
    ])
  })

  test('a question that ends like an open thought opens none', () => {
    const asked: ConversationMessage = { role: 'user', content: 'What is <think>' }
    expect(render('thoughts-switched', { messages: [asked] }).answerBegin).toBe('')
  })
})

describe('an answer that is gone on with', () => {
  const goOn = (model: string, content: string): AnswerPrompt =>
    render(model, { messages: [hello, { role: 'assistant', content }], continueFinalMessage: true })

  test('ends where the answer ends', () => {
    for (const model of ['calls-object', 'thoughts-switched', 'thoughts-opened', 'thoughts-dropped', 'pocket']) {
      const prompt = goOn(model, 'One, two, ')
      expect(prompt.text.endsWith('One, two, '), model).toBe(true)
      expect(prompt.answerBegin).toBe('One, two, ')
      expect(readerOf(prompt).push('</b>')).toEqual([{ type: 'content', text: '</b>' }])
    }
  })

  test('within its thoughts, and after them', () => {
    const within = goOn('thoughts-opened', '<think>\nso')
    expect(within.text.endsWith('<｜Assistant｜><think>\nso')).toBe(true)
    expect(readerOf(within).inReasoning).toBe(true)
    const after = goOn('thoughts-switched', '<think>\nso\n</think>\n\nOne')
    expect(after.text.endsWith('<|im_start|>assistant\n<think>\nso\n</think>\n\nOne')).toBe(true)
    expect(readerOf(after).push('x')).toEqual([{ type: 'content', text: 'x' }])
  })

  test('is the last message, an answer, without calls, and shown', () => {
    const refused = expect.objectContaining({ code: 'template-unsupported' })
    const calling: ConversationMessage = {
      role: 'assistant',
      content: 'a',
      toolCalls: [{ id: 'b', name: 'c', arguments: '{}' }],
    }
    expect(() => render('thoughts-switched', { messages: [hello], continueFinalMessage: true })).toThrowError(refused)
    expect(() => render('thoughts-switched', { messages: [hello, calling], continueFinalMessage: true })).toThrowError(
      refused,
    )
    const answer: ConversationMessage = { role: 'assistant', content: 'a' }
    const blind = '{{ messages[0].content }}'
    expect(() => render(blind, { messages: [hello, answer], continueFinalMessage: true })).toThrowError(refused)
  })
})

describe('tools', () => {
  test('that the template does not show are described in the system message', () => {
    const { text } = render('thoughts-opened', { messages: [{ role: 'system', content: 'Be terse.' }, hello], tools })
    expect(text.startsWith('<｜begin▁of▁sentence｜>Be terse.\n\n')).toBe(true)
    for (const { name } of tools) expect(text).toContain(`"name":"${name}"`)
    expect(text).toContain('<｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME\n```json\n')
    expect(render('thoughts-opened', { messages: [hello], tools }).text).toContain('"name":"weather"')
    expect(render('thoughts-opened', { messages: [hello], tools: [] }).text).toBe(
      render('thoughts-opened', { messages: [hello] }).text,
    )
  })

  test('are described in the first question where the template refuses system messages', () => {
    const { text } = render('system-refused', { messages: [hello, { role: 'assistant', content: 'a' }, hello], tools })
    expect(text).toMatch(/^<turn>user\n.*"name":"weather".*<tool_call>.*\n\nHi<\/turn>\n<turn>assistant\na</s)
    expect(text.endsWith('<turn>user\nHi</turn>\n<turn>assistant\n')).toBe(true)
    const system: ConversationMessage = { role: 'system', content: 'Be terse.' }
    expect(() => render('system-refused', { messages: [system, hello], tools })).toThrowError(
      expect.objectContaining({ code: 'template-refused' }),
    )
  })

  test('are refused where the template knows no calls', () => {
    const refused = expect.objectContaining({ code: 'template-unsupported' })
    const plain = '{% for m in messages %}{{ m.role + m.content }}{% endfor %}'
    for (const model of [plain, 'no-tools', 'calls-unknown']) {
      expect(() => render(model, { messages: [hello], tools })).toThrowError(refused)
    }
    const call: ConversationMessage = {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: 'a', name: 'b', arguments: '{}' }],
    }
    expect(() => render(plain, { messages: [hello, call] })).toThrowError(refused)
  })

  test('arguments that are no JSON stay text', () => {
    for (const model of ['calls-object', 'thoughts-switched', 'thoughts-opened']) {
      const call = { id: 'a', name: 'b', arguments: '{"c": ' }
      const { text } = render(model, { messages: [hello, { role: 'assistant', content: '', toolCalls: [call] }] })
      expect(text).toContain(model === 'calls-object' ? JSON.stringify('{"c": ') : '{"c": ')
    }
  })

  test('of a template that loses the text before calls, or calls after text, are all written into the text', () => {
    const call = `<tool_call>\n{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}\n</tool_call>`
    const calls = `{% for c in m.tool_calls %}${call}{% endfor %}`
    const losesText = `{% for m in messages %}[{{ m.role }}]{% if m.tool_calls %}${calls}{% else %}{{ m.content }}{% endif %}{% endfor %}{{ tools }}`
    const losesCalls = `{% for m in messages %}[{{ m.role }}]{% if m.content %}{{ m.content }}{% else %}${calls}{% endif %}{% endfor %}{{ tools }}`
    const toolCalls = [{ id: 'a', name: 'b', arguments: '{"c":1.0}' }]
    for (const source of [losesText, losesCalls]) {
      const { text } = render(source, { messages: [hello, { role: 'assistant', content: 'd', toolCalls }] })
      expect(text).toContain('[assistant]d\n<tool_call>\n{"name": "b", "arguments": {"c":1.0}}\n</tool_call>')
    }
  })

  test("the caller's objects do not change", () => {
    const messages = structuredClone(readFixture('answers.expected.json').dialogues['two rounds'] ?? [])
    const before = structuredClone(messages)
    for (const model of ['calls-object', 'thoughts-switched', 'thoughts-opened']) render(model, { messages, tools })
    expect(messages).toEqual(before)
  })
})

test('BOS stands once at the beginning, though template and tokenizer both add it', () => {
  const tokenizer = tokenizerFromJson(readFixtureText('deepseek.tokenizer.json'))
  expect(tokenizer.addsBos).toBe(true)
  for (const model of ['thoughts-opened', 'thoughts-dropped']) {
    const { text } = render(model, { messages: [{ role: 'system', content: 'Be terse.' }, hello] })
    expect(text.startsWith(tokens.bosToken)).toBe(true)
    const ids = encodePrompt(tokenizer, text)
    expect(ids.filter((id) => id === tokenizer.bosTokenId)).toEqual([ids[0]])
    expect(encodePrompt(tokenizer, text.slice(tokens.bosToken.length))).toEqual(ids)
  }
})
