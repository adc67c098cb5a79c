import { describe, expect, test } from 'vitest'
import { readFixture, readFixtureText } from '../../fixtures/read.ts'
import { createChatTemplate } from './chat-template.ts'

const { conversations, templates } = readFixture('templates.expected.json')

describe("prompts equal those of transformers' apply_chat_template", () => {
  for (const [name, cases] of Object.entries(templates)) {
    const template = createChatTemplate(readFixtureText(`templates/${name}.jinja`), {
      bosToken: '<s>',
      eosToken: '</s>',
    })
    for (const [index, { conversation, prompt, error, ...options }] of cases.entries()) {
      test(`${name} ${index}: ${conversation}${error === undefined ? '' : ' (refused)'}`, () => {
        const render = (): string => template.render(conversations[conversation] ?? [], options)
        if (error === undefined) expect(render()).toBe(prompt)
        else expect(render).toThrowError(expect.objectContaining({ code: 'template-refused' }))
      })
    }
  }
})
