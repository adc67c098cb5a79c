import { describe, expect, it } from 'vitest'
import { addressesOf, readViewState, type ViewState, viewStateHash } from './view-state.ts'

describe('links', () => {
  it('keep the whole view', () => {
    const state: ViewState = {
      part: 'compare',
      files: ['https://a.example/x.json?a=1&b=2', './results/y.json'],
      filters: { gpu: 'A “card” & more, 100 %', engine: 'wllama', quantization: 'Q4_K_M' },
      base: 'run #1',
      other: 'run=2&view=add',
    }
    expect(readViewState(viewStateHash(state))).toEqual(state)
  })

  it.each(['', '#', '#view=elsewhere', '#gpu=&base='])('%j is the first part, unfiltered', (hash) => {
    expect(readViewState(hash)).toEqual({ part: 'measure', files: [], filters: {} })
  })

  it('are anybody’s: what is too long or too much is left out', () => {
    const many = Array.from({ length: 100 }, (_, index) => `results=f${index}.json`).join('&')
    const state = readViewState(`#view=results&${many}&gpu=${'x'.repeat(5_000)}&base=${'y'.repeat(400)}&__proto__=z`)
    expect(state.files).toHaveLength(20)
    expect(state.filters).toEqual({})
    expect(state.base).toBeUndefined()
  })

  it('may name several files in one field', () => {
    expect(addressesOf(['a.json, b.json', 'b.json c.json'])).toEqual(['a.json', 'b.json', 'c.json'])
  })
})
