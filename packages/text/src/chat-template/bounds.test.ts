import { describe, expect, test } from 'vitest'
import { createChatTemplate } from './chat-template.ts'

const messages = [{ role: 'user', content: 'x' }]
const render = (template: string): string => createChatTemplate(template).render(messages)
const code = (name: string): unknown => expect.objectContaining({ code: name })
/** A template that applies `change` to `ns.s` sixty-four times, then prints it. */
const grow = (first: string, change: string, print = 'ns.s'): string =>
  `{% set ns = namespace(s=${first}) %}{% for i in range(64) %}{% set ns.s = ${change} %}{% endfor %}{{ ${print} }}`
/** A template with four million characters in `ns.s`. */
const long = (rest: string): string =>
  `{% set ns = namespace(s='a') %}{% for i in range(22) %}{% set ns.s = ns.s + ns.s %}{% endfor %}${rest}`

describe('a template that would run or grow without end is stopped', () => {
  const endless: Readonly<Record<string, string>> = {
    'a huge range': '{% for i in range(10 ** 9) %}x{% endfor %}',
    'empty loops within loops': '{% for i in range(60000) %}{% for j in range(60000) %}{% endfor %}{% endfor %}',
    'a macro that calls itself': '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    'a macro that calls itself twice':
      '{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}',
    'names that are not there':
      '{% for i in range(60000) %}{% for j in range(60000) %}{{ no }}{% endfor %}{% endfor %}',
    'doubled strings': grow("'x'", 'ns.s + ns.s'),
    'doubled strings by ~': grow("'x'", 'ns.s ~ ns.s'),
    'doubled lists': grow('[1]', 'ns.s + ns.s'),
    'lists that share their parts': grow('[1]', '[ns.s, ns.s]'),
    'mappings that share their parts, as JSON': grow('{}', "{'a': ns.s, 'b': ns.s}", 'ns.s | tojson'),
    'shared parts compared with text': grow('[1]', '[ns.s, ns.s]', "ns.s == 'x'"),
    'lists too deep': `{% set ns = namespace(s=[1]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}{% endfor %}`,
    'a namespace in itself': '{% set a = namespace() %}{% set a.x = [a, a] %}{{ a | tojson }}',
    'replacement by itself': grow("'aaaa'", "ns.s.replace('a', ns.s)"),
    'replacement of nothing': grow("'aaaa'", "ns.s.replace('', ns.s)"),
    'replacement as a filter': grow("'aaaa'", "ns.s | replace('a', ns.s)"),
    'replacement by a computed name': grow("'aaaa'", "ns.s['rep' ~ 'lace']('a', ns.s)"),
    'a long separator': grow("'aaaa'", 'ns.s | join(ns.s)'),
    'a wide indentation': "{{ 'a\\nb' | indent(10 ** 9) }}",
    'wide JSON': '{{ [1] | tojson(indent=10 ** 9) }}',
    'work on a long string over and over': long('{% for i in range(60000) %}{% set y = ns.s | upper %}{% endfor %}'),
    'a search of quadratic time': long("{{ ('b' + ns.s[:2000000]) in ns.s }}"),
    'a split of quadratic time': long("{% set x = ns.s.split('b' + ns.s[:2000000]) %}"),
    'a loop over every character': long("{% for part in ns.s.split('a') %}{% endfor %}"),
    'caller blocks within one another': `{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}${'{% call m() %}'.repeat(40)}x${'{% endcall %}'.repeat(40)}`,
    'a macro declared over and over': `{% for i in range(60000) %}{% macro m() %}${'{{ a }}'.repeat(9999)}{% endmacro %}{% endfor %}`,
  }
  for (const [name, template] of Object.entries(endless)) {
    test(name, () => expect(() => render(template)).toThrowError(code('template-limit-exceeded')))
  }
})

describe('what is no template', () => {
  const malformed: Readonly<Record<string, string>> = {
    'an open loop': '{% for x in y %}a',
    'an open string': "{{ 'abc }}",
    'an open comment': '{# abc',
    'an unknown statement': '{% launch %}',
    'parentheses too deep': `{{ ${'('.repeat(99_999)}1${')'.repeat(99_999)} }}`,
    'conditions too deep': '{% if 1 %}'.repeat(20_000),
  }
  for (const [name, template] of Object.entries(malformed)) {
    test(name, () => expect(() => render(template)).toThrowError(code('template-malformed')))
  }

  test('too long, or white space that the parser would take quadratic time over', () => {
    expect(() => render('x'.repeat((1 << 18) + 1))).toThrowError(code('template-limit-exceeded'))
    expect(() => render(`{{ x ${' '.repeat(100_000)} }}`)).toThrowError(code('template-limit-exceeded'))
  })
})

test("the template's own refusal, its failure, and what is not supported are told apart", () => {
  expect(() => render("{{ raise_exception('no system role') }}")).toThrowError(/refuses these messages: no system role/)
  expect(() => render("{{ raise_exception('no') }}")).toThrowError(code('template-refused'))
  expect(() => render('{{ missing.call() }}')).toThrowError(code('template-failed'))
  expect(() => render('{% break %}')).toThrowError(code('template-failed'))
  expect(() => render('{% filter indent(9) %}a{% endfilter %}')).toThrowError(code('template-unsupported'))
})

test('messages are copied, bounded, and never changed', () => {
  const template = createChatTemplate('{{ messages | tojson }}')
  const frozen = [Object.freeze({ role: 'user', content: 'x', name: undefined })]
  expect(template.render(frozen)).toBe('[{"role": "user", "content": "x"}]')
  const cyclic: { role: string; self?: unknown } = { role: 'user' }
  cyclic.self = cyclic
  expect(() => template.render([cyclic])).toThrowError(code('template-limit-exceeded'))
  const long = { role: 'user', content: 'x'.repeat((1 << 24) + 1) }
  expect(() => template.render([long])).toThrowError(code('template-limit-exceeded'))
  expect(() => template.render([{ role: 'user', content: () => 'x' }])).toThrowError(code('template-failed'))
})

test('a long conversation is far within the bounds', () => {
  const turns = Array.from({ length: 2000 }, (_, at) => ({
    role: at % 2 ? 'assistant' : 'user',
    content: 'word '.repeat(200),
  }))
  const template = "{% for m in messages %}{{ '<' + m.role + '>' + m.content.strip() + '\\n' }}{% endfor %}"
  expect(createChatTemplate(template).render(turns).length).toBeGreaterThan(2_000_000)
})

test('strftime_now writes in English, whatever the locale', () => {
  const template = createChatTemplate("{{ strftime_now('%A %d %B %Y, %d %b %y %H:%M:%S %I%p day %j %%') }}")
  const now = new Date(2026, 6, 4, 15, 5, 9)
  expect(template.render([], { now })).toBe('Saturday 04 July 2026, 04 Jul 26 15:05:09 03PM day 185 %')
})
