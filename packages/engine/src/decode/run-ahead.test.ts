import { describe, expect, it } from 'vitest'
import { RunAhead } from './run-ahead.ts'

const mask = Uint32Array.of(1)

/** A constraint that is free as the numbers say, one for each token that has been accepted. */
function constraintOf(free: readonly number[]): { ahead: RunAhead; accepted: number[] } {
  const accepted: number[] = []
  const constraint = {
    allowed: () => mask,
    free: () => free[accepted.length] ?? 0,
    accept: (token: number) => {
      accepted.push(token)
    },
  }
  return { ahead: new RunAhead(constraint), accepted }
}

/** How many steps from `first` on may be submitted. */
const reached = (ahead: RunAhead, first: number): number => {
  let step = first
  while (step < 100 && ahead.reaches(step)) step += 1
  return step - first
}

describe('how far a constraint lets the engine run ahead', () => {
  it('one step, with its mask, where nothing is free', () => {
    const { ahead, accepted } = constraintOf([0, 0])
    expect(reached(ahead, 0)).toBe(1)
    expect(ahead.mask(0)).toBe(mask)
    ahead.accept(7)
    expect(accepted).toEqual([7])
    expect(ahead.reaches(2)).toBe(false)
    expect(reached(ahead, 1)).toBe(1)
  })

  it('as many as are free, without a mask, and waits before the first that is not', () => {
    const { ahead } = constraintOf([3, 2, 1, 0])
    expect(reached(ahead, 0)).toBe(3)
    expect([0, 1, 2].map((step) => ahead.mask(step))).toEqual([undefined, undefined, undefined])
    ahead.accept(1)
    ahead.accept(1)
    expect(ahead.reaches(3)).toBe(false)
    ahead.accept(1)
    expect(reached(ahead, 3)).toBe(1)
    expect(ahead.mask(3)).toBe(mask)
  })

  it('further when a token has freed more, also without end', () => {
    const { ahead } = constraintOf([1, 0, Number.POSITIVE_INFINITY])
    expect(reached(ahead, 0)).toBe(1)
    ahead.accept(1)
    expect(reached(ahead, 1)).toBe(1)
    ahead.accept(1)
    expect(reached(ahead, 2)).toBe(98)
  })
})
