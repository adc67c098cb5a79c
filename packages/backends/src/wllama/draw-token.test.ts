import { describe, expect, it } from 'vitest'
import { candidatesWanted, drawToken, type Sampling, type Scored } from './draw-token.ts'
import { randomPoint } from './philox.ts'

const neutral: Sampling = { temperature: 1, topK: 0, topP: 1, minP: 0 }
/** Chances 0.4, 0.3, 0.2 and 0.1 of tokens whose order by id is another. */
const four = scored([7, 0.4], [2, 0.3], [9, 0.2], [4, 0.1])
const ALL = Number.NEGATIVE_INFINITY

/** Logits of these chances, up to a constant as ever. */
function scored(...chances: readonly (readonly [token: number, chance: number])[]): readonly Scored[] {
  return chances.map(([token, chance]) => ({ token, score: Math.log(chance) + 3 }))
}

/** The share that each token gets of evenly spread points. */
function shares(sampling: Partial<Sampling>, candidates = four): Record<number, number> {
  const count: Record<number, number> = {}
  for (let i = 0; i < 1000; i++) {
    const token = drawToken(candidates, ALL, { ...neutral, ...sampling }, (i + 0.5) / 1000)
    if (token !== undefined) count[token] = (count[token] ?? 0) + 1 / 1000
  }
  return Object.fromEntries(Object.entries(count).map(([token, share]) => [token, Number(share.toFixed(2))]))
}

describe('drawToken', () => {
  it('draws by the chances, in the order of ids', () => {
    expect(shares({})).toEqual({ 7: 0.4, 2: 0.3, 9: 0.2, 4: 0.1 })
    expect(drawToken(four, ALL, neutral, 0)).toBe(2)
    expect(drawToken(four, ALL, neutral, 0.999_999)).toBe(9)
  })

  it('is greedy at temperature 0 and at topK 1', () => {
    expect(shares({ temperature: 0 })).toEqual({ 7: 1 })
    expect(shares({ topK: 1 })).toEqual({ 7: 1 })
  })

  it('applies the temperature first, then topK, topP and minP', () => {
    // Squared: 0.16, 0.09, 0.04, 0.01 of 0.30.
    expect(shares({ temperature: 0.5 })).toEqual({ 7: 0.53, 2: 0.3, 9: 0.13, 4: 0.03 })
    expect(shares({ topK: 2 })).toEqual({ 7: 0.57, 2: 0.43 })
    expect(shares({ topP: 0.65 })).toEqual({ 7: 0.57, 2: 0.43 })
    // Of the 0.7 that topK leaves, half is reached by the best alone.
    expect(shares({ topK: 2, topP: 0.5 })).toEqual({ 7: 1 })
    expect(shares({ topP: 0.5, temperature: 0.5 })).toEqual({ 7: 1 })
    expect(shares({ minP: 0.6 })).toEqual({ 7: 0.57, 2: 0.43 })
    expect(shares({ minP: 0.6, temperature: 0.5 })).toEqual({ 7: 1 })
    expect(shares({ topP: 0 })).toEqual({ 7: 1 })
  })

  it('keeps tokens of the same chance together', () => {
    const equal = scored([1, 0.25], [2, 0.25], [3, 0.25], [4, 0.25])
    expect(Object.keys(shares({ topK: 2 }, equal))).toHaveLength(4)
    expect(Object.keys(shares({ topP: 0.3 }, equal))).toHaveLength(4)
  })

  it('asks for more where candidates that it was not given might be kept', () => {
    const least = Math.log(0.1) + 3
    expect(drawToken(four, least, neutral, 0.5)).toBeUndefined()
    expect(drawToken(four, 99, { ...neutral, temperature: 0 }, 0.5)).toBeUndefined()
    expect(drawToken([], least, neutral, 0.5)).toBeUndefined()
    expect(drawToken(four, least, { ...neutral, topP: 0.9 }, 0.5)).toBeUndefined()
    expect(drawToken(four, least, { ...neutral, topK: 4 }, 0.5)).toBeUndefined()
    expect(drawToken(four, least, { ...neutral, minP: 0.25 }, 0.5)).toBeUndefined()
    expect(drawToken(four, least, { ...neutral, topK: 3 }, 0.5)).toBe(7)
    expect(drawToken(four, least, { ...neutral, minP: 0.3 }, 0.5)).toBe(7)
  })

  it.each([[Number.NaN], [Number.NEGATIVE_INFINITY], [Number.POSITIVE_INFINITY]])(
    'refuses logits that are none: %d',
    (score) => {
      for (const temperature of [0, 1])
        expect(() => drawToken([{ token: 1, score }], ALL, { ...neutral, temperature }, 0.5)).toThrow(/no chances/)
    },
  )
})

describe('candidatesWanted', () => {
  it('is little more than topK, and everything where nothing bounds it', () => {
    expect(candidatesWanted({ ...neutral, temperature: 0 }, 6144)).toBe(1)
    expect(candidatesWanted({ ...neutral, topK: 40 }, 6144)).toBeLessThan(60)
    expect(candidatesWanted({ ...neutral, topK: 9999 }, 6144)).toBe(6144)
    expect(candidatesWanted({ ...neutral, topP: 0.9 }, 6144)).toBe(6144)
    expect(candidatesWanted({ ...neutral, minP: 0.05 }, 6144)).toBeLessThan(6144)
  })
})

describe('randomPoint', () => {
  it('is Philox2x32-10, by its published test vectors', () => {
    expect(randomPoint(0, 0) * 2 ** 32).toBe(0xff1dae59)
    expect(randomPoint(0xffffffff, 0)).not.toBe(randomPoint(0, 0))
  })

  it('is even, and another at every step and seed', () => {
    const points = Array.from({ length: 4000 }, (_, i) => randomPoint(i % 2, i >> 1))
    expect(new Set(points).size).toBe(4000)
    expect(points.reduce((sum, point) => sum + point, 0) / 4000).toBeCloseTo(0.5, 1)
    expect(Math.min(...points)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...points)).toBeLessThan(1)
  })
})
