import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { readAnswerTemplate, readFixtureText } from '../../fixtures/read.ts'
import { type ChatTemplate, createChatTemplate } from '../chat-template/chat-template.ts'
import { maxRenderMilliseconds } from '../chat-template/limits.ts'
import { describeTemplate, type TemplateAbilities } from './describe-template.ts'

const hermes: TemplateAbilities = {
  system: true,
  systemWithTools: true,
  tools: true,
  toolResults: true,
  calls: { format: 'hermes', writtenBy: 'template', argumentsAs: 'string', noContent: null },
  thoughts: false,
  thinkingSwitch: false,
  opensThought: false,
  dropsThoughts: false,
}
const deepseek: TemplateAbilities = {
  ...hermes,
  systemWithTools: false,
  tools: false,
  calls: { format: 'deepseek', writtenBy: 'content', argumentsAs: 'string', noContent: '' },
  thoughts: true,
  dropsThoughts: true,
}
const chat: TemplateAbilities = {
  system: true,
  systemWithTools: false,
  tools: false,
  toolResults: false,
  thoughts: false,
  thinkingSwitch: false,
  opensThought: false,
  dropsThoughts: false,
}

const known: readonly (readonly [string, TemplateAbilities])[] = [
  [
    'calls-object',
    { ...hermes, calls: { format: 'hermes', writtenBy: 'template', argumentsAs: 'object', noContent: null } },
  ],
  ['thoughts-switched', { ...hermes, thoughts: true, thinkingSwitch: true, dropsThoughts: true }],
  ['calls-string', hermes],
  ['thoughts-opened', { ...deepseek, opensThought: true }],
  ['thoughts-dropped', deepseek],
  ['calls-unknown', { ...chat, systemWithTools: true, tools: true, toolResults: true }],
  [
    'system-refused',
    {
      ...hermes,
      system: false,
      systemWithTools: false,
      tools: false,
      calls: { format: 'hermes', writtenBy: 'template', argumentsAs: 'object', noContent: '' },
    },
  ],
  ['no-tools', chat],
  ['pocket', { ...hermes, thoughts: true, thinkingSwitch: true, dropsThoughts: true }],
]

const minimal =
  "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}{{ '[assistant] ' if add_generation_prompt }}"

describe('what a template can do, found out by rendering', () => {
  for (const [model, abilities] of known) {
    test(model, () => expect(describeTemplate(createChatTemplate(readAnswerTemplate(model)))).toEqual(abilities))
  }

  test('a template of messages only', () => {
    expect(describeTemplate(createChatTemplate(minimal))).toEqual({ ...chat, toolResults: true })
  })

  test('calls in a way that is not known', () => {
    expect(describeTemplate(createChatTemplate(readFixtureText('templates/tools.jinja')))).toMatchObject({
      tools: true,
    })
    expect(describeTemplate(createChatTemplate(readFixtureText('templates/tools.jinja'))).calls).toBeUndefined()
  })

  test('a template that refuses all, or fails, can do nothing', () => {
    for (const source of ["{{ raise_exception('no') }}", '{{ messages[0].content + 1 - none }}', '']) {
      expect(describeTemplate(createChatTemplate(source)), source).toEqual({ ...chat, system: false })
    }
  })

  test('a template that refuses system messages and tools', () => {
    const source = `{% for m in messages %}{% if m.role not in ['user', 'assistant'] %}{{ raise_exception('no') }}{% endif %}{% endfor %}${minimal}`
    expect(describeTemplate(createChatTemplate(source))).toEqual({ ...chat, system: false })
  })

  test('a template that repeats the question is not taken for one that writes calls', () => {
    const source = `<tool_call>{"name": "f"}</tool_call>${minimal}{{ messages | tojson }}`
    expect(describeTemplate(createChatTemplate(source)).calls).toBeUndefined()
  })

  test('a template that takes too long is given up at once', () => {
    const source = '{% for a in range(60000) %}{% for b in range(60000) %}{% endfor %}{% endfor %}'
    expect(() => describeTemplate(createChatTemplate(source))).toThrowError(
      expect.objectContaining({ code: 'template-limit-exceeded' }),
    )
  })

  test('trials take no longer together than one rendering may', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    let renderings = 0
    const slow: ChatTemplate = {
      render() {
        renderings++
        vi.advanceTimersByTime(maxRenderMilliseconds / 4)
        return ''
      },
    }
    expect(() => describeTemplate(slow)).toThrowError(expect.objectContaining({ code: 'template-limit-exceeded' }))
    expect(renderings).toBe(5)
  })
})
