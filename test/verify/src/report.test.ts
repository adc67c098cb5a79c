import { expect, it } from 'vitest'
import { type CaseResult, totalOf } from './compare.ts'
import { formatCase, formatTotal } from './report.ts'

const result: CaseResult = {
  name: 'joke',
  promptEqual: true,
  idsEqual: false,
  steps: 4,
  agreed: 2,
  wrong: [{ step: 1, expected: 5, got: undefined, margin: 3 }],
  ties: [{ step: 2, expected: 7, got: 8, margin: 0.01 }],
  largestDifference: 0.25,
}

it('says everything about a case, ties apart', () => {
  expect(formatCase(result)).toBe(
    [
      'joke: prompt equal, ids DIFFERENT, 4 steps, top-1 2/3, max |Δlogit| 0.2500',
      "  step 1: no number at all instead of 5; the reference's two best are 3.0000 apart (counted)",
      "  step 2: token 8 instead of 7; the reference's two best are 0.0100 apart (not counted)",
    ].join('\n'),
  )
})

it('sums up', () => {
  expect(formatTotal(totalOf([result]))).toBe(
    'total: prompts equal, ids DIFFERENT, 4 steps, top-1 2/3 = 0.6667, 1 near ties not counted, max |Δlogit| 0.2500, NOT OK',
  )
})
