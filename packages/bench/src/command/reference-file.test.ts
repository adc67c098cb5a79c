import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readReference } from './reference-file.ts'

const pocket = readFileSync(new URL('../../references/pocket.json', import.meta.url), 'utf8')
const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.reference.json', import.meta.url), 'utf8')

describe('a reference file', () => {
  it('of Pocket names its checkpoint and says enough', () => {
    const { reference, sha256 } = readReference(pocket, 'pocket.json')
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    const positions = reference.cases.reduce((sum, { greedy }) => sum + greedy.length, 0)
    expect(positions).toBeGreaterThanOrEqual(200)
    for (const { greedy, top } of reference.cases) {
      expect(top).toHaveLength(greedy.length)
      expect(top?.map(([first]) => first?.[0])).toEqual(greedy)
    }
  })

  it('is what npm run verify takes', () => {
    const { reference, sha256 } = readReference(tiny, 'tiny')
    expect(reference.cases.length).toBeGreaterThan(0)
    expect(sha256).toBeUndefined()
  })

  it.each([
    ['{', 'no JSON'],
    ['[]', 'expected object'],
    ['{"cases":[]}', 'cases'],
    ['{"cases":[{"name":"a","ids":[1.5],"greedy":[1]}]}', 'cases.0.ids.0'],
    ['{"cases":[{"name":"a","ids":[1],"greedy":[]}]}', 'cases.0.greedy'],
  ])('that is none is refused: %s', (text, message) => {
    expect(() => readReference(text, 'a.json')).toThrow(message)
    expect(() => readReference(text, 'a.json')).toThrow('a.json is no reference file')
  })
})
