import { readdirSync, readFileSync } from 'node:fs'
import { readResult } from '@sampan/bench'
import { describe, expect, it } from 'vitest'

const folder = new URL('../../results/', import.meta.url)
const files = readdirSync(folder).filter((name) => name !== 'index.json')

describe('committed results', () => {
  it('are all in the index, and nothing else is', () => {
    const index: unknown = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8'))
    expect(index).toEqual(files.toSorted())
    for (const name of files) expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*\.json$/)
  })

  it('are real runs of browsers, whose numbers follow from their samples', () => {
    for (const name of files) {
      const result = readResult(readFileSync(new URL(name, folder), 'utf8'))
      expect(result.machine.runtime.kind, name).not.toBe('simulation')
      expect(result.rows.length, name).toBeGreaterThan(0)
    }
  })
})
