import { readFileSync } from 'node:fs'
import { blobSource, openGguf } from '@sampan/engine'
import { describe, expect, it } from 'vitest'
import { pocket, pocketFacts } from './index.ts'

const file = readFileSync(pocket)

describe('Pocket', () => {
  it('is what its facts say, by its own file', async () => {
    const { config, tensors, metadata } = await openGguf(blobSource(new Blob([file]), 'pocket.gguf'))
    const sizes = [...tensors.values()].map(({ shape }) => shape.reduce((product, length) => product * length, 1))
    expect({
      name: metadata.get('general.name'),
      bytes: file.length,
      parameters: sizes.reduce((sum, size) => sum + size, 0),
      contextLength: config.contextLength,
      licence: metadata.get('general.license'),
      languages: metadata.get('general.languages'),
    }).toEqual(pocketFacts)
  })

  it('leaves its address where core looks for it', () => {
    expect(Reflect.get(globalThis, Symbol.for('sampan.pocket'))).toBe(pocket)
  })

  it('packs the weights, the build and their licence, and nothing of how they were made', () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect(manifest).toMatchObject({
      license: pocketFacts.licence,
      files: ['dist', 'pocket.gguf', 'README.md', 'LICENSE'],
    })
    expect(file.length).toBeLessThanOrEqual(7e6)
  })
})
