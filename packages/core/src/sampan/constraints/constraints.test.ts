import { describe, expect, it } from 'vitest'
import type { TokenConstraint } from '../../backend.ts'
import { BegunCalls } from './begun-calls.ts'
import { ForcedTokens } from './forced-tokens.ts'
import { JsonDepth } from './json-depth.ts'
import { OneOf } from './one-of.ts'
import { Thought, type ThoughtOptions } from './thought.ts'
import { TokenChoice } from './token-choice.ts'
import { ToolCalls } from './tool-calls.ts'

const vocabularySize = 70

function tokensOf(mask: Uint32Array | undefined): number[] | 'any' {
  if (!mask) return 'any'
  return Array.from({ length: vocabularySize }, (_, token) => token).filter(
    (token) => ((mask[token >>> 5] ?? 0) >>> (token & 31)) & 1,
  )
}

describe('ForcedTokens', () => {
  it('allows one after another, in every word of the mask', () => {
    const forced = new ForcedTokens([0, 31, 32, 69], vocabularySize)
    for (const token of [0, 31, 32, 69]) {
      expect(forced.done).toBe(false)
      expect(tokensOf(forced.allowed())).toEqual([token])
      forced.accept()
    }
    expect(forced.done).toBe(true)
  })
})

describe('Thought', () => {
  const texts = new Map([
    [10, '<think>'],
    [11, '</think>'],
    [12, '\n\n'],
    [13, '</thi'],
    [14, 'nk>'],
    [15, '</think>\n\n'],
    [16, '\n'],
    [17, '<th'],
    [18, 'ink>'],
  ])
  const options = (given: Partial<ThoughtOptions>): ThoughtOptions => ({
    vocabularySize,
    textOf: (token) => texts.get(token) ?? 'x',
    at: 'begun',
    open: 10,
    openText: '<think>',
    closeText: '</think>',
    closeTokens: [16, 11, 12],
    gapTokens: [12],
    endTokens: [50],
    budget: undefined,
    answer: undefined,
    ...given,
  })
  const allBut50 = Array.from({ length: vocabularySize }, (_, token) => token).filter((token) => token !== 50)
  const bound = (): TokenConstraint => new ForcedTokens([60, 61], vocabularySize)

  it('is free without a budget and without an answer to bind', () => {
    const thought = new Thought(options({}))
    for (const token of [1, 2, 11, 3]) {
      expect(thought.allowed()).toBeUndefined()
      expect(thought.free()).toBe(Number.POSITIVE_INFINITY)
      thought.accept(token)
    }
  })

  it('is closed when the budget is spent, and free then', () => {
    const thought = new Thought(options({ budget: 2 }))
    expect(thought.free()).toBe(2)
    thought.accept(1)
    expect(thought.free()).toBe(1)
    thought.accept(2)
    for (const token of [16, 11, 12]) {
      expect(thought.free()).toBe(0)
      expect(tokensOf(thought.allowed())).toEqual([token])
      thought.accept(token)
    }
    expect(thought.allowed()).toBeUndefined()
    expect(thought.free()).toBe(Number.POSITIVE_INFINITY)
  })

  it('knows a thought that opens after white space, or in several tokens', () => {
    for (const opening of [
      [16, 12, 10],
      [16, 17, 18],
    ]) {
      const thought = new Thought(options({ at: 'may', budget: 2 }))
      for (const token of [...opening, 1, 2]) thought.accept(token)
      expect(tokensOf(thought.allowed())).toEqual([16])
    }
    const text = new Thought(options({ at: 'may', budget: 2 }))
    for (const token of [16, 17, 1]) text.accept(token)
    expect([tokensOf(text.allowed()), text.free()]).toEqual(['any', Number.POSITIVE_INFINITY])
  })

  it('closes at once with a budget of nothing', () => {
    expect(tokensOf(new Thought(options({ budget: 0 })).allowed())).toEqual([16])
    const may = new Thought(options({ at: 'may', budget: 0 }))
    expect(may.allowed()).toBeUndefined()
    expect(may.free()).toBe(1)
    may.accept(10)
    expect(tokensOf(may.allowed())).toEqual([16])
  })

  it('binds the answer after a thought, wherever tokens cut its end', () => {
    for (const [closing, gap] of [
      [[11], true],
      [[13, 14], true],
      [[15], false],
    ] as const) {
      const thought = new Thought(options({ answer: bound() }))
      for (const token of [1, 2, ...closing]) {
        expect(tokensOf(thought.allowed())).toEqual(allBut50)
        expect(thought.free()).toBe(0)
        thought.accept(token)
      }
      if (gap) {
        expect(tokensOf(thought.allowed())).toEqual([12])
        thought.accept(12)
      }
      expect(tokensOf(thought.allowed())).toEqual([60])
      thought.accept(60)
      expect(tokensOf(thought.allowed())).toEqual([61])
    }
  })

  it('lets the model begin with a thought or with the answer', () => {
    const thinks = new Thought(options({ at: 'may', answer: bound() }))
    expect(tokensOf(thinks.allowed())).toEqual([10, 60])
    thinks.accept(10)
    // An answer that must follow does not end within its thought.
    expect(tokensOf(thinks.allowed())).toEqual(allBut50)
    const answers = new Thought(options({ at: 'may', answer: bound() }))
    answers.accept(60)
    expect(tokensOf(answers.allowed())).toEqual([61])
  })
})

describe('TokenChoice', () => {
  it('narrows down to one sequence', () => {
    const choice = new TokenChoice([[1, 2, 3], [1, 4], [5]], vocabularySize)
    expect(tokensOf(choice.allowed())).toEqual([1, 5])
    choice.accept(1)
    expect(tokensOf(choice.allowed())).toEqual([2, 4])
    expect(choice.done).toBe(false)
    choice.accept(4)
    expect(choice.chosen).toBe(1)
  })
})

describe('ToolCalls', () => {
  const calls = (most: number, beyond = ''): ToolCalls =>
    new ToolCalls({
      openings: [
        [1, 10],
        [1, 11],
      ],
      nextOpenings: [
        [2, 1, 10],
        [2, 1, 11],
      ],
      close: (written) => (written === '' ? [20] : []),
      endings: [[30], [31]],
      vocabularySize,
      argumentsOf: (tool) => Object.assign(new ForcedTokens([40 + tool], vocabularySize), { beyond }),
      most,
    })
  const follow = (constraint: TokenConstraint, tokens: readonly number[]): void => {
    for (const token of tokens) {
      expect(tokensOf(constraint.allowed())).toContain(token)
      constraint.accept(token)
    }
  }

  it('binds the arguments to the tool that was chosen', () => {
    const constraint = calls(1)
    follow(constraint, [1, 11])
    expect(tokensOf(constraint.allowed())).toEqual([41])
    follow(constraint, [41, 20])
    expect(tokensOf(constraint.allowed())).toEqual([30, 31])
    follow(constraint, [31])
    expect(constraint.allowed()).toBeUndefined()
    expect(constraint.free()).toBe(Number.POSITIVE_INFINITY)
  })

  it('forces nothing of the close that came with the arguments', () => {
    const constraint = calls(1, '}')
    follow(constraint, [1, 11, 41])
    expect(tokensOf(constraint.allowed())).toEqual([30, 31])
  })

  it('lets several follow, as many as may', () => {
    const constraint = calls(2)
    follow(constraint, [1, 10, 40, 20])
    expect(tokensOf(constraint.allowed())).toEqual([2, 30, 31])
    follow(constraint, [2, 1, 11, 41, 20])
    expect(tokensOf(constraint.allowed())).toEqual([30, 31])
  })
})

describe('OneOf', () => {
  it('is the constraint whose first token is chosen', () => {
    const one = new OneOf(
      [new ForcedTokens([1, 2], vocabularySize), new ForcedTokens([40, 3], vocabularySize)],
      vocabularySize,
    )
    expect(tokensOf(one.allowed())).toEqual([1, 40])
    expect(one.free()).toBe(0)
    one.accept(40)
    expect(tokensOf(one.allowed())).toEqual([3])
  })

  it('follows both while they go the same way', () => {
    const one = new OneOf(
      [new ForcedTokens([1, 2], vocabularySize), new ForcedTokens([1, 3], vocabularySize)],
      vocabularySize,
    )
    one.accept(1)
    expect(tokensOf(one.allowed())).toEqual([2, 3])
  })
})

describe('BegunCalls', () => {
  const texts = new Map([
    [10, '<call>'],
    [11, '<ca'],
    [12, 'll>'],
    [13, 'll>ab'],
  ])
  const seen: string[] = []
  const begun = (): BegunCalls =>
    new BegunCalls({
      textOf: (token) => texts.get(token) ?? 'x',
      tag: '<call>',
      calls: (written) => {
        seen.push(written)
        return new ForcedTokens([60], vocabularySize)
      },
    })

  it.each([
    [[1, 10], ''],
    [[1, 11, 12], ''],
    [[11, 11, 13], 'ab'],
  ])('binds what follows the tag in %o', (tokens, written) => {
    const constraint = begun()
    for (const token of tokens) {
      expect(constraint.allowed()).toBeUndefined()
      expect(constraint.free()).toBe(0)
      constraint.accept(token)
    }
    expect(tokensOf(constraint.allowed())).toEqual([60])
    expect(seen.at(-1)).toBe(written)
  })
})

describe('JsonDepth', () => {
  it.each([
    ['{"a": {"b": [1', ']}}', true],
    ['{"a": {"b": [1', ']}', false],
    ['{"a": "}', '"}', true],
    ['{"a": "\\\\', '"}', true],
    ['{"a": "\\', '"}', false],
    ['', '{}', true],
  ])('%s is closed by %s: %o', (text, closing, closed) => {
    const depth = new JsonDepth()
    depth.accept(text)
    expect(depth.closesWith(closing)).toBe(closed)
  })
})
