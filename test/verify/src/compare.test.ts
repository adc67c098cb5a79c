import { describe, expect, it } from 'vitest'
import { CaseComparison, totalOf } from './compare.ts'
import { parseReference, type ReferenceCase } from './reference-file.ts'

const reference: ReferenceCase = {
  name: 'three steps',
  messages: [],
  prompt: '',
  ids: [1],
  greedy: [2, 0, 1],
  top: [
    [
      [2, 5],
      [0, 1],
    ],
    [
      [0, 3],
      [1, 2.98],
    ],
    [
      [1, 4],
      [2, 3],
    ],
  ],
}

function compare(...rows: readonly (readonly number[])[]) {
  const comparison = new CaseComparison(reference)
  rows.forEach((row, index) => {
    comparison.step(index, Float32Array.from(row))
  })
  return comparison.result(true, true)
}

describe('comparing with a reference', () => {
  it('agrees with itself', () => {
    const result = compare([1, 0, 5], [3, 2.98, 0], [0, 4, 3])
    expect(result).toMatchObject({ steps: 3, agreed: 3, wrong: [], ties: [] })
    expect(result.largestDifference).toBeLessThan(1e-6)
    expect(totalOf([result]).ok).toBe(true)
  })

  it('lists a step that the reference could hardly decide, and does not count it', () => {
    const result = compare([1, 0, 5], [2.9, 2.98, 0], [0, 4, 3])
    expect(result).toMatchObject({ agreed: 2, wrong: [], ties: [{ step: 1, expected: 0, got: 1 }] })
    expect(totalOf([result])).toMatchObject({ agreement: 1, ties: 1, ok: true })
  })

  it('counts a real disagreement', () => {
    const result = compare([1, 0, 5], [3, 2.98, 0], [0, 3, 4])
    expect(result.wrong).toEqual([{ step: 2, expected: 1, got: 2, margin: 1 }])
    expect(result.largestDifference).toBe(1)
    expect(totalOf([result])).toMatchObject({ agreement: 2 / 3, ok: false })
  })

  it('fails on other prompts or ids, on logits that are no numbers, and on nothing', () => {
    const good = compare([1, 0, 5], [3, 2.98, 0], [0, 4, 3])
    expect(totalOf([{ ...good, promptEqual: false }]).ok).toBe(false)
    expect(totalOf([{ ...good, idsEqual: false }]).ok).toBe(false)
    const broken = compare([Number.NaN, Number.NaN, Number.NaN], [3, 2.98, 0], [0, 4, 3])
    expect(broken.wrong[0]).toMatchObject({ step: 0, got: undefined })
    expect(broken.largestDifference).toBeNaN()
    expect(totalOf([broken]).ok).toBe(false)
    expect(totalOf([])).toMatchObject({ agreement: 0, ok: false })
  })

  it('notices one wrong token among good logits even when a later row is fine', () => {
    const comparison = new CaseComparison(reference)
    comparison.step(0, Float32Array.from([1, 0, Number.NaN]))
    comparison.step(1, Float32Array.from([3, 2.98, 0]))
    expect(comparison.result(true, true).largestDifference).toBeNaN()
  })
})

describe('parseReference', () => {
  const plain = { model: 'm', cases: [{ ...reference, messages: [{ role: 'user', content: 'hi' }] }] }

  it('reads what reference.py writes', () => {
    expect(parseReference(JSON.stringify(plain)).cases[0]?.greedy).toEqual([2, 0, 1])
  })

  it('names what is wrong', () => {
    const broken = (part: object) => () => parseReference(JSON.stringify({ cases: [{ ...plain.cases[0], ...part }] }))
    expect(broken({ ids: [] })).toThrow('cases[0].ids is empty')
    expect(broken({ ids: [1.5] })).toThrow('cases[0].ids')
    expect(broken({ top: [] })).toThrow('cases[0].top has 0 steps, but greedy has 3')
    expect(broken({ messages: [{ role: 'user' }] })).toThrow('cases[0].messages[0].content is no text')
    expect(() => parseReference('{"cases":[]}')).toThrow('nothing to compare')
    expect(() => parseReference('[]')).toThrow('the reference is no object')
  })
})
