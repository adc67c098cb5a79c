import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpenAI } from 'openai'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { EFFORT_BUDGETS } from './read-thinking.ts'
import { ADDED_FIELDS, OPENAI_FIELDS, type RequestField } from './request-table.ts'
import type { ChatCompletionRequestStreaming } from './request-types.ts'
import { validateRequest } from './validate-request.ts'

const messages = [{ role: 'user', content: 'x' }]
const openai = Object.entries<RequestField>(OPENAI_FIELDS)
const added = Object.entries<RequestField>(ADDED_FIELDS)

describe('the table of fields', () => {
  it("has every field of the openai package's request, and no other", () => {
    expectTypeOf<keyof OpenAI.ChatCompletionCreateParamsNonStreaming>().toEqualTypeOf<keyof typeof OPENAI_FIELDS>()
    expectTypeOf<keyof OpenAI.ChatCompletionCreateParamsStreaming>().toEqualTypeOf<keyof typeof OPENAI_FIELDS>()
    expect(Object.keys(OPENAI_FIELDS).toSorted()).toEqual(declaredFields().toSorted())
  })

  it('has every field of our own request', () => {
    expectTypeOf<keyof ChatCompletionRequestStreaming>().toExtend<keyof (typeof OPENAI_FIELDS & typeof ADDED_FIELDS)>()
  })

  it('is what validation goes by', () => {
    const odd = Symbol('no field takes this')
    for (const [field, { class: kind }] of [...openai, ...added]) {
      const check = (): unknown => validateRequest({ messages, [field]: odd })
      if (kind === 'honoured') expect(check, field).toThrow(expect.objectContaining({ code: 'request-invalid' }))
      else if (kind === 'refused' || field === 'store')
        expect(check, field).toThrow(expect.objectContaining({ code: 'request-unsupported', details: { field } }))
      else expect(check, field).not.toThrow()
    }
  })

  it('is the one in the README', () => {
    const readme = fileURLToPath(new URL('../../README.md', import.meta.url))
    const text = readFileSync(readme, 'utf8')
    const [start, end] = ['<!-- made from request-table.ts -->\n', '<!-- end -->']
    const from = text.indexOf(start) + start.length
    const to = text.indexOf(end, from)
    if (process.env['SAMPAN_WRITE_README']) writeFileSync(readme, text.slice(0, from) + tables() + text.slice(to))
    else expect(text.slice(from, to), 'SAMPAN_WRITE_README=1 and this test write it').toBe(tables())
  })
})

/** Names as they stand in the package's declarations, for runs without a type check. */
function declaredFields(): string[] {
  const folder = dirname(createRequire(import.meta.url).resolve('openai'))
  const file = readFileSync(join(folder, 'resources/chat/completions/completions.d.ts'), 'utf8')
  const body = /interface ChatCompletionCreateParamsBase \{\n(.*?)\n\}/s.exec(file)?.[1] ?? ''
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name = '']) => name)
}

function tables(): string {
  const rows = (fields: readonly (readonly [string, RequestField])[], kind: RequestField['class']): string =>
    fields
      .filter(([, field]) => field.class === kind)
      .map(([name, field]) => {
        const note = 'note' in field && field.note ? `; ${field.note}` : ''
        return `| \`${name}\` | ${field.values}${note} |\n`
      })
      .join('')
  const table = (title: string, values: string, body: string): string =>
    `| ${title} | ${values} |\n| --- | --- |\n${body}\n`
  const efforts = Object.entries(EFFORT_BUDGETS).map(
    ([effort, tokens]) => `| \`${effort}\` | ${tokens ?? 'no limit'} |\n`,
  )
  return [
    '\n',
    table('honoured', '', rows(openai, 'honoured')),
    table("honoured, not in OpenAI's API", '', rows(added, 'honoured')),
    table('accepted, without effect', '', rows(openai, 'accepted')),
    table('refused by name', 'but for', rows(openai, 'refused')),
    table('`reasoning_effort`', 'tokens of thoughts', `| \`none\` | thoughts off |\n${efforts.join('')}`),
  ].join('')
}
