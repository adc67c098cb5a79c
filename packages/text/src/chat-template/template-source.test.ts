import { expect, test } from 'vitest'
import { createChatTemplate } from './chat-template.ts'
import { chatTemplateFromConfig, chatTemplateFromGguf } from './template-source.ts'

const code = (name: string): unknown => expect.objectContaining({ code: name })

test('tokenizer_config.json: none, text, or a named list whose tool_use serves tools', () => {
  expect(chatTemplateFromConfig('{}')).toBeUndefined()
  expect(chatTemplateFromConfig({ chat_template: 'x' })?.main).toBe('x')
  const source = chatTemplateFromConfig(
    JSON.stringify({
      chat_template: [
        { name: 'default', template: 'plain' },
        { name: 'tool_use', template: '{{ tools | length }} tools' },
      ],
    }),
  )
  expect(source).toBeDefined()
  if (source === undefined) return
  expect(createChatTemplate(source).render([])).toBe('plain')
  expect(createChatTemplate(source).render([], { tools: [{}, {}] })).toBe('2 tools')
})

test('GGUF: one template, or several by name', () => {
  expect(chatTemplateFromGguf(new Map())).toBeUndefined()
  const metadata = new Map<string, unknown>([
    ['tokenizer.chat_template', 'main'],
    ['tokenizer.chat_templates', ['tool_use']],
    ['tokenizer.chat_template.tool_use', 'tools'],
  ])
  expect(chatTemplateFromGguf(metadata)).toEqual({ main: 'main', named: new Map([['tool_use', 'tools']]) })
})

test('faulty sources are typed errors', () => {
  expect(() => chatTemplateFromConfig('{')).toThrowError(code('template-malformed'))
  expect(() => chatTemplateFromConfig({ chat_template: 3 })).toThrowError(code('template-malformed'))
  expect(() => chatTemplateFromConfig({ chat_template: [{ name: 'x' }] })).toThrowError(code('template-malformed'))
  const unnamed = { chat_template: ['a', 'b'].map((name) => ({ name, template: name })) }
  expect(() => chatTemplateFromConfig(unnamed)).toThrowError(/templates a, b and none named "default"/)
  expect(() => chatTemplateFromGguf(new Map([['tokenizer.chat_template', 1]]))).toThrowError(code('template-malformed'))
  const dangling = new Map([['tokenizer.chat_templates', ['lost']]])
  expect(() => chatTemplateFromGguf(dangling)).toThrowError(/chat_template.lost is missing/)
})
