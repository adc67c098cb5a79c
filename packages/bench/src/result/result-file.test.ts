import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { completeResult } from './complete-result.ts'
import { resultJsonSchema } from './json-schema.ts'
import { LIMITS } from './limits.ts'
import { readResult, writeResult } from './read-result.ts'
import { sampleDraft } from './test-support/sample-draft.ts'

const text = writeResult(completeResult(sampleDraft()))
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(resultJsonSchema())

/** As the linter wants JSON: lists of plain values on one line where they fit. */
function linted(json: string): string {
  const lists = json.replace(/\[\n([^[\]{}]*)\]/g, (list, values: string, place: number) => {
    const line = `[${values.trim().replace(/,\s+/g, ', ')}]`
    const before = place - json.lastIndexOf('\n', place) - 1
    const after = json.charAt(place + list.length) === ',' ? 1 : 0
    return before + line.length + after <= 120 ? line : list
  })
  return `${lists}\n`
}

/** The sample file with one place changed; without a value it is taken away. */
function changed(path: string, value?: unknown, file: unknown = JSON.parse(text)): unknown {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let place: unknown = file
  for (const key of keys) place = Reflect.get(Object(place), key)
  if (value === undefined) Reflect.deleteProperty(Object(place), last)
  else Reflect.set(Object(place), last, value)
  return file
}

describe('a result file', () => {
  test('is read as it was written', () => {
    const result = readResult(text)
    expect(result).toEqual(completeResult(sampleDraft()))
    expect(writeResult(result)).toBe(text)
    expect(result.rows.map(({ status }) => status)).toEqual([
      'measured',
      'measured',
      'measured',
      'measured',
      'not-available',
      'failed',
      'aborted',
    ])
  })

  test('has the times of a sample on one line', () => {
    expect(text).toMatch(/"tokenTimes": \[\d[\d., ]+\]/)
    expect(text.endsWith('}\n')).toBe(true)
  })

  test('what looks like numbers in a text stays as it is', () => {
    const note = 'See [ 1,  2 ]'
    expect(readResult(writeResult(completeResult(sampleDraft({ note })))).note).toBe(note)
  })

  test('the published schema is the one that is checked', async () => {
    await expect(linted(JSON.stringify(resultJsonSchema(), undefined, 2))).toMatchFileSnapshot(
      '../../result.schema.json',
    )
  })

  test('another validator accepts it by that schema', () => {
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true)
  })
})

describe('versions', () => {
  test('a newer minor one is read, its new fields passed over', () => {
    const file = changed('weather', 'fair', changed('schema', 'sampan-bench/1.7'))
    expect(validate(file)).toBe(true)
    const result = readResult(file)
    expect(result.schema).toBe('sampan-bench/1.7')
    expect(result).not.toHaveProperty('weather')
  })

  test.each(['sampan-bench/2', 'sampan-bench/2.1', 'sampan-bench/10'])('%s is refused by name', (schema) => {
    expect(() => readResult(changed('schema', schema))).toThrow(
      expect.objectContaining({ code: 'result-unsupported', message: expect.stringContaining('newer harness') }),
    )
  })

  test.each([{}, [], null, 3, { schema: 'tps/1' }, { schema: 1 }, { schema: 'sampan-bench/1evil' }])(
    '%j is no result',
    (file) => {
      expect(() => readResult(file)).toThrow(expect.objectContaining({ code: 'result-invalid' }))
    },
  )

  test.each(['', '{', 'not JSON'])('nor is the text %j', (file) => {
    expect(() => readResult(file)).toThrow(expect.objectContaining({ code: 'result-invalid' }))
  })
})

const faults: readonly [string, unknown][] = [
  ['rows.0.samples.0.ms', -1],
  ['rows.0.samples.0.ms', 1e300],
  ['rows.0.samples.0.ms', null],
  ['rows.0.samples.0.tokenTimes', []],
  ['rows.0.samples.0.tokenTimes', new Array(40_000).fill(1)],
  ['rows.0.samples.0.promptTokens', 1.5],
  ['rows.0.samples', []],
  ['rows.0.derived', undefined],
  ['rows.0.engine', 'llamafile'],
  ['rows.0.status', 'great'],
  ['rows.0.test', 'tg'],
  ['rows.0.test', 'tg0'],
  ['rows.0.depth', -1],
  ['rows.0.derived.flags', ['fast']],
  ['rows.4.reason', undefined],
  ['rows.4.samples', [{ startedMs: 0, ms: 1, tokenTimes: [1], promptTokens: 1 }]],
  ['rows.5.reason', 'x'.repeat(3_000)],
  ['rows.5.derived', {}],
  ['machine.declaredGpu', '\u001b[2J'],
  ['machine.declaredGpu', 'a\u202eb'],
  ['machine.runtime.kind', 'toaster'],
  ['engines.0.identity.model.weightBytes', 2 ** 60],
  ['engines.0.identity.adapter.features', new Array(1_000).fill('x')],
  ['conditions.timerResolutionMs', 'fine'],
  ['comparisons.0.pairs', [[0]]],
  ['configuration', 'xyz'],
  ['suite.seed', undefined],
  ['runId', ''],
  ['endedAt', 'yesterday'],
]

describe('faults of form', () => {
  test.each(faults)('%s = %j', (path, value) => {
    const file = changed(path, value)
    expect(() => readResult(file)).toThrow(expect.objectContaining({ code: 'result-invalid' }))
    expect(validate(file)).toBe(false)
  })

  test('the message names the place in one line', () => {
    expect(() => readResult(changed('rows.0.samples.3.ms', -1))).toThrow(/^rows\[0\]\.samples\[3\]\.ms: [^\n]+$/)
  })
})

describe('numbers that do not follow from the samples', () => {
  test.each([
    ['rows.0.derived.tokensPerSecond.median', 9_999],
    ['rows.0.derived.tokensPerSecond.low', undefined],
    ['rows.0.derived.ttftMs.mad', 77],
    ['rows.0.derived.itlMs.p99', 0.1],
    ['rows.0.derived.roofline.share', 0.5],
    ['rows.0.derived.countersPerToken.dispatches', 1],
    ['rows.1.derived.agreement', 1],
    ['rows.1.derived.unranked', []],
    ['rows.1.derived.flags', []],
    ['rows.1.agreement.agreeing', 401],
    ['rows.0.samples.0.tokenTimes.128', 500],
    ['rows.0.status', 'refused'],
    ['rows.6.derived', undefined],
    ['rows.6.samples', []],
    ['comparisons.0.ratio.median', 7],
    ['comparisons.0.ratio.low', undefined],
    ['comparisons.0.base', 6],
    ['comparisons.0.base', 1_999],
    ['comparisons.0.base', 0],
    ['comparisons.0.pairs', [[999, 0]]],
    [
      'comparisons.0.pairs',
      [
        [0, 0],
        [0, 1],
      ],
    ],
    ['roofline.copy.0.gigabytesPerSecond.median', 500],
    ['roofline.emptyDispatchUs.samples', [9, 9, 9]],
    ['configuration', '0000000000000000'],
    ['machine.declaredGpu', 'Card 10000'],
  ])('%s = %j', (path, value) => {
    // Only a status with a reason has the form that it should.
    const file = changed('rows.0.reason', 'Too fast.')
    expect(() => readResult(changed(path, value, file))).toThrow(
      expect.objectContaining({ code: 'result-inconsistent' }),
    )
  })

  test('nor is such a result written', () => {
    const result = completeResult(sampleDraft())
    expect(() => writeResult({ ...result, configuration: '0123456789abcdef' })).toThrow(
      expect.objectContaining({ code: 'result-inconsistent' }),
    )
  })

  test('the last digits of another machine are no contradiction', () => {
    const { rows } = readResult(text)
    const near = (rows[0]?.derived?.tokensPerSecond.median ?? 0) * (1 + 1e-9)
    expect(() => readResult(changed('rows.0.derived.tokensPerSecond.median', near))).not.toThrow()
  })
})

test('a text longer than any result is not even parsed', () => {
  expect(() => readResult(' '.repeat(LIMITS.file + 1))).toThrow(
    expect.objectContaining({ code: 'result-invalid', message: expect.stringContaining('characters') }),
  )
})

test('too many pairs to compute again are refused before they are computed', () => {
  const pairs = Array.from({ length: 900 }, (_, index) => [index, index])
  const file = changed(
    'comparisons',
    Array.from({ length: 40 }, () => ({ base: 0, other: 1, pairs })),
  )
  expect(() => readResult(file)).toThrow(
    expect.objectContaining({ code: 'result-inconsistent', message: expect.stringContaining('too many') }),
  )
})
