import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { describe, expect, test } from 'vitest'
import { completeResult } from '../result/complete-result.ts'
import { readResult, writeResult } from '../result/read-result.ts'
import { sampleDraft, sampleRows } from '../result/test-support/sample-draft.ts'
import { resultToHtml } from './html.ts'

const result = completeResult(sampleDraft())
const HOSTILE = `</style></td><script>alert(1)</script><img src=x onerror="alert(1)">'"&lt;`

type Element = DefaultTreeAdapterTypes.Element

function elements(html: string): { all: Element[]; errors: string[] } {
  const errors: string[] = []
  const document = parse(html, { onParseError: ({ code }) => errors.push(code) })
  const all: Element[] = []
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) all.push(node)
    if ('childNodes' in node) for (const child of node.childNodes) walk(child)
  }
  walk(document)
  return { all, errors }
}

function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

const attribute = ({ attrs }: Element, name: string) => attrs.find((entry) => entry.name === name)?.value
const named = (all: readonly Element[], name: string) => all.filter(({ tagName }) => tagName === name)
const withClass = (all: readonly Element[], name: string) =>
  all.filter((element) => attribute(element, 'class')?.split(' ').includes(name) === true)

describe('the report', () => {
  const html = resultToHtml(result)
  const { all, errors } = elements(html)

  test('is HTML without a fault, that fetches and runs nothing', () => {
    expect(errors).toEqual([])
    const policy = named(all, 'meta').find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy')
    expect(policy && attribute(policy, 'content')).toMatch(/^default-src 'none'/)
    expect(all.filter(({ tagName }) => ['script', 'link', 'img', 'iframe', 'form'].includes(tagName))).toEqual([])
    expect(
      all.flatMap(({ attrs }) => attrs).filter(({ name }) => ['src', 'style'].includes(name) || /^on/.test(name)),
    ).toEqual([])
    expect(html).not.toMatch(/@import|url\(/)
  })

  test('its policy stands before anything that it is to forbid', () => {
    const order = all.map((element) => attribute(element, 'http-equiv') ?? element.tagName)
    expect(order.indexOf('Content-Security-Policy')).toBeLessThan(order.indexOf('title'))
    expect(order.indexOf('Content-Security-Policy')).toBeLessThan(order.indexOf('style'))
  })

  test('has rules for phones, and for light and dark', () => {
    const style = named(all, 'style').map(textOf).join('')
    expect(style).toContain('@media (max-width: 44rem)')
    expect(style).toContain('light-dark(')
    expect(
      named(all, 'meta').some((meta) => attribute(meta, 'content') === 'width=device-width, initial-scale=1'),
    ).toBe(true)
  })

  test('tables have captions and heads with their scopes', () => {
    for (const table of named(all, 'table')) {
      const inside: Element[] = []
      const walk = (node: DefaultTreeAdapterTypes.Node): void => {
        if ('tagName' in node) inside.push(node)
        if ('childNodes' in node) node.childNodes.forEach(walk)
      }
      walk(table)
      expect(named(inside, 'caption')).toHaveLength(1)
      const heads = named(inside, 'th')
      expect(heads.length).toBeGreaterThan(1)
      expect(heads.every((head) => ['col', 'row'].includes(attribute(head, 'scope') ?? ''))).toBe(true)
    }
  })

  test('every row is there, those that are not ranked with their reason', () => {
    const [table] = withClass(all, 'cards')
    const rows = table ? textOf(table) : ''
    expect(withClass(all, 'unranked')).toHaveLength(5)
    for (const words of [
      'Not ranked: under 98 % of the answers are the reference’s.',
      'Not ranked: the answers were not checked.',
      'n/a: wllama keeps no cache.',
      'failed: Device lost: =cmd|"calc"',
      'ended early: Ended by the user.',
    ])
      expect(rows).toContain(words)
  })

  test('pictures are named, and those of a run with everything are all there', () => {
    const pictures = named(all, 'svg').filter((svg) => attribute(svg, 'role') === 'img')
    const names = pictures.map((svg) => attribute(svg, 'aria-label') ?? '')
    expect(names.slice(0, 3)).toEqual([
      'Decoding against depth: tokens/s, with 95 % intervals',
      'Times between tokens',
      'Share of what the device can do',
    ])
    expect(names).toContain('Every sample of tg128, Pocket: tokens/s')
    const geometry = all
      .flatMap(({ attrs }) => attrs)
      .filter(({ name }) => ['d', 'x', 'y', 'x1', 'y2', 'width'].includes(name))
    expect(geometry.filter(({ value }) => /NaN|Infinity|undefined/.test(value))).toEqual([])
  })

  test('says what the run was of', () => {
    const text = textOf(named(all, 'body')[0] ?? all[0] ?? parse(''))
    expect(text).toContain('Simulated: no machine was measured.')
    expect(text).toContain('Card 9000')
    expect(text).toContain('sampan runs at ')
  })
})

test('texts of strangers stay texts', () => {
  const [row] = sampleRows
  if (row?.status !== 'measured') throw new Error('The sample begins with a measured row.')
  const draft = sampleDraft()
  const hostile = completeResult({
    ...draft,
    note: HOSTILE,
    runId: HOSTILE,
    machine: { ...draft.machine, declaredGpu: HOSTILE },
    engines: draft.engines.map((engine) => ({ ...engine, model: HOSTILE, build: HOSTILE })),
    rows: [
      { ...row, model: HOSTILE, build: HOSTILE },
      { ...row, model: HOSTILE, build: 'b' },
      { engine: 'wllama', model: HOSTILE, test: 'tg8', depth: 0, status: 'failed', reason: HOSTILE, samples: [] },
    ],
    comparisons: [{ base: 0, other: 1, pairs: [[0, 0]] }],
  })
  const { all, errors } = elements(resultToHtml(readResult(writeResult(hostile))))
  expect(errors).toEqual([])
  expect(all.filter(({ tagName }) => ['script', 'img'].includes(tagName))).toEqual([])
  expect(named(all, 'style')).toHaveLength(1)
  expect(named(all, 'dd').map(textOf)).toContain(HOSTILE)
  expect(named(all, 'title').map(textOf)[0]).toContain(HOSTILE)
})

test('several runs have a contents whose links lead to them', () => {
  const { all } = elements(resultToHtml([result, { ...result, runId: 'two' }]))
  const ids = all.map((element) => attribute(element, 'id'))
  const links = named(all, 'a').map((link) => attribute(link, 'href')?.slice(1))
  expect(links).toEqual(['run-1', 'run-2'])
  expect(links.every((link) => ids.includes(link))).toBe(true)
})

test('a run with nothing in it is a page all the same', () => {
  const { roofline: _, ...draft } = sampleDraft({ rows: [], comparisons: [], engines: [] })
  const { all, errors } = elements(resultToHtml(completeResult(draft)))
  expect(errors).toEqual([])
  expect(named(all, 'svg')).toEqual([])
  expect(textOf(named(all, 'main')[0] ?? parse(''))).toContain('This run has no rows.')
})

test('of more rows than a picture can hold it says how many are not drawn', () => {
  const [row] = sampleRows
  if (row?.status !== 'measured') throw new Error('The sample begins with a measured row.')
  const rows = Array.from({ length: 60 }, (_, index) => ({ ...row, test: 'tg128', build: `build ${index}` }))
  const html = resultToHtml(completeResult(sampleDraft({ rows, comparisons: [] })))
  expect(html).toContain('20 more are in the file and not drawn.')
  expect(html).toContain('48 more are in the file and not drawn.')
})
