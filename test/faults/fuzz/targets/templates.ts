import { readdirSync, readFileSync } from 'node:fs'
import { createChatTemplate, describeTemplate, type TemplateMessage } from '@sampan/text'
import { mutateText } from '../mutate-text.ts'
import { type FuzzTarget, oneOf } from '../target.ts'

const words = [
  '{% for x in range(1000000000) %}',
  '{% for m in messages %}',
  '{% endfor %}',
  '{% if true %}',
  '{% else %}',
  '{% endif %}',
  '{% set ns = namespace(a=1) %}',
  '{% set messages = messages * 100 %}',
  '{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}',
  '{{ "x" * 1000000000 }}',
  '{{ messages | tojson(indent=100000) }}',
  '{{ messages | join(messages | tojson) }}',
  '{{ raise_exception(messages) }}',
  '{{ messages.__proto__.constructor.constructor("return 1")() }}',
  '{{ strftime_now("%Y" * 9999) }}',
  '| upper | lower | trim | length',
  '[::-1]',
  '[-1:99999999999]',
  '.split("")',
  ' ~ ',
  ' is not defined ',
  '(((((((',
  '{#',
  '{%- raw %}',
]

const messages: readonly TemplateMessage[] = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Hello \u{1f6a3}' },
  { role: 'assistant', content: '', tool_calls: [{ type: 'function', function: { name: 'f', arguments: { a: 1 } } }] },
  { role: 'tool', content: '{"b": 2}' },
  { role: 'user', content: [{ type: 'text', text: 'And?' }] },
]
const tools = [{ type: 'function', function: { name: 'f', description: 'does', parameters: { type: 'object' } } }]

/** Chat templates: parsed, written with, and looked at for what they can do. */
export function templateTargets(root: string): readonly FuzzTarget[] {
  const folders = [
    'packages/text/fixtures/templates/',
    'packages/text/fixtures/templates/answers/',
    'test/fixtures/tiny/',
  ]
  const seeds = folders.flatMap((folder) =>
    readdirSync(root + folder)
      .filter((name) => name.endsWith('.jinja'))
      .map((name) => readFileSync(root + folder + name, 'utf8')),
  )
  const now = new Date(0)
  return [
    {
      name: 'chat template',
      weight: 4,
      run: (pick) => {
        const template = createChatTemplate(mutateText(oneOf(pick, seeds), pick, words, seeds), { bosToken: '<s>' })
        const variables = { enable_thinking: pick(2) === 0 }
        template.render(messages, {
          addGenerationPrompt: true,
          tools: pick(2) === 0 ? tools : undefined,
          variables,
          now,
        })
      },
    },
    {
      name: 'what a chat template can do',
      weight: 1,
      run: (pick) => describeTemplate(createChatTemplate(mutateText(oneOf(pick, seeds), pick, words, seeds))),
    },
  ]
}
