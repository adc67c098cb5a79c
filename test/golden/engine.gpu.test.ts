import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../packages/engine/src/load-engine.ts'
import { goldenCases } from './golden.ts'
import { readGoldenData } from './golden-data.ts'

const cases = await goldenCases(readGoldenData)

describe.each(cases.map((entry) => ({ name: entry.name, entry })))('$name', ({ entry }) => {
  const { reference } = entry

  it('gives the logits and greedy continuations of transformers', async () => {
    const engine = await loadEngine(await entry.open(), {
      bits: 'source',
      embeddingBits: 'source',
      keyValueType: 'f32',
    })
    try {
      let error = 0
      await engine.score(reference.tokens, {
        from: 0,
        onLogits: (position, logits) => {
          for (let i = 0; i < reference.vocabulary; i += 1) {
            const expected = reference.logits[position * reference.vocabulary + i] ?? Number.NaN
            const difference = Math.abs((logits[i] ?? Number.NaN) - expected)
            error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(error, difference)
          }
        },
      })
      console.log(entry.name, error, reference.largestLogit, reference.float32Error)
      for (const { length, greedy } of reference.prompts) {
        const got: number[] = []
        for await (const token of engine.generate(reference.tokens.slice(0, length), { maxTokens: greedy.length }))
          got.push(token)
        expect(got).toEqual(greedy)
      }
      expect(error).toBeLessThan(1e-3)
    } finally {
      await engine.dispose()
    }
    expect(engine.ledger().total).toBe(0)
  })
})
