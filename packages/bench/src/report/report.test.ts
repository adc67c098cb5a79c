import { describe, expect, test } from 'vitest'
import { completeResult } from '../result/complete-result.ts'
import { sampleDraft, sampleRows } from '../result/test-support/sample-draft.ts'
import { resultsToCsv } from './csv.ts'
import { resultToMarkdown } from './markdown.ts'
import { deviceText, speedText, testText } from './words.ts'

const result = completeResult(sampleDraft())

/** As RFC 4180 says, by hand: no library of ours is in the way. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [['']]
  let quoted = false
  for (let place = 0; place < text.length; place++) {
    const sign = text.charAt(place)
    const row = rows.at(-1) ?? []
    if (quoted && sign === '"' && text.charAt(place + 1) === '"') {
      row[row.length - 1] += '"'
      place++
    } else if (sign === '"') quoted = !quoted
    else if (quoted || (sign !== ',' && sign !== '\r' && sign !== '\n')) row[row.length - 1] += sign
    else if (sign === ',') row.push('')
    else if (sign === '\n') rows.push([''])
  }
  return rows.slice(0, -1)
}

function tableOf(text: string): Record<string, string>[] {
  const [names = [], ...rows] = readCsv(text)
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])))
}

describe('CSV', () => {
  const table = tableOf(resultsToCsv([result, result]))

  test('a line for each row of each result, of as many cells as the header', () => {
    const rows = readCsv(resultsToCsv([result, result]))
    expect(rows).toHaveLength(1 + 2 * result.rows.length)
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1)
    expect(resultsToCsv([])).toMatch(/^run,[a-z0-9_,]+\r\n$/)
  })

  test('numbers in full, what is absent empty', () => {
    const [row] = result.rows
    expect(Number(table[0]?.['tokens_per_second'])).toBe(row?.derived?.tokensPerSecond.median)
    expect(table[0]).toMatchObject({ engine: 'sampan', test: 'tg128', depth: '0', ranked: 'true', reason: '' })
    expect(table[1]).toMatchObject({ engine: 'wllama', ranked: 'false', unranked: 'disagrees', roofline_share: '' })
    expect(table[4]).toMatchObject({ status: 'not-available', tokens_per_second: '', reason: 'wllama keeps no cache.' })
  })

  test('commas, quotes and line breaks stay within their cell', () => {
    const [first] = tableOf(resultsToCsv([completeResult(sampleDraft({ runId: 'a,"b"' }))]))
    expect(first?.['run']).toBe('a,"b"')
    expect(first?.['adapter_description']).toBe('A card, “quoted”, 100 %')
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '＝1', '|calc'])('%s is no formula', (runId) => {
    const [first] = tableOf(resultsToCsv([{ ...result, runId }]))
    expect(first?.['run']).toBe(`'${runId}`)
  })
})

describe('Markdown', () => {
  const lines = resultToMarkdown(result).split('\n')
  const cells = (line: string | undefined) =>
    (line ?? '')
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim())

  test('a table like llama-bench’s, the fastest ranked row first', () => {
    expect(cells(lines[0])).toEqual([
      'model',
      'size',
      'bits/weight',
      'engine',
      'device',
      'test',
      't/s',
      '% of roofline',
      'agreement',
      'note',
    ])
    expect(lines[1]).toMatch(/^\| -+ \| -+: \|/)
    const first = cells(lines[2])
    expect(first.slice(0, 6)).toEqual(['Pocket Q8_0', '5.72 MiB', '8.50', 'sampan', 'Card 9000', 'tg128'])
    expect(first[6]).toMatch(/^\d+\.\d \(\d+\.\d–\d+\.\d\)$/)
    expect(first[8]).toBe('0.998')
    expect(first[9]).toBe('')
  })

  test('rows that are not ranked say why', () => {
    const notes = lines.slice(2, 9).map((line) => cells(line)[9])
    expect(notes).toEqual([
      '',
      'not ranked: under 98 % of the answers are the reference’s',
      '',
      'wllama keeps no cache.',
      'not ranked: the answers were not checked',
      'failed: Device lost: =cmd\\|"calc"',
      'aborted: Ended by the user.',
    ])
    expect(lines.slice(2, 9).every((line) => cells(line).length === 10)).toBe(true)
    expect(cells(lines[6])[5]).toBe('pp512 @ d2048')
  })

  test('the comparison and where it was made stand below', () => {
    const text = lines.slice(9).join('\n')
    expect(text).toMatch(
      /- Pocket, tg128: sampan runs at 2\.\d+ × the speed of wllama \(95 % interval 1\.\d+ to 2\.\d+, 10 pairs\)/,
    )
    expect(text).toContain('10 pairs); wllama is not ranked: under 98 % of the answers are the reference’s\n')
    expect(text).toContain('simulated: no machine was measured')
    expect(text).toContain('suite quick 1')
  })

  test('a stranger’s model name is text', () => {
    const [row] = sampleRows
    if (!row) throw new Error('The sample has rows.')
    const hostile = { ...row, model: '<img src=x>|[a](javascript:b)`' }
    const [line] = resultToMarkdown(completeResult(sampleDraft({ rows: [hostile], comparisons: [] })))
      .split('\n')
      .slice(2)
    expect(cells(line)[0]).toBe('\\<img src=x\\>\\|\\[a\\](javascript:b)\\`')
    expect(cells(line)).toHaveLength(10)
  })
})

test('a ratio of other weights says so', () => {
  const bits = (bitsPerWeight: number | undefined) =>
    result.engines.map((engine) => {
      const { bitsPerWeight: _, ...model } = engine.identity.model
      const changed = bitsPerWeight === undefined ? model : { ...model, bitsPerWeight }
      return engine.engine === 'wllama' ? { ...engine, identity: { ...engine.identity, model: changed } } : engine
    })
  expect(resultToMarkdown({ ...result, engines: bits(4.5) })).toContain(
    'not the same work: 4.50 and 8.50 bits per weight',
  )
  expect(resultToMarkdown({ ...result, engines: bits(8.51) })).not.toContain('not the same work')
  expect(resultToMarkdown({ ...result, engines: bits(undefined) })).toContain('the same bits per weight is not known')
})

test('words', () => {
  expect([0.123, 99.994, 123.46, 12_345.6].map(speedText)).toEqual(['0.12', '99.99', '123.5', '12346'])
  expect(testText({ test: 'tg128', depth: 0 })).toBe('tg128')
  const [gpu, cpu] = result.engines
  expect(gpu && deviceText(gpu)).toBe('A card, “quoted”, 100 %')
  expect(cpu && deviceText(cpu, 'Card 9000')).toBe('CPU, 4 threads')
})
