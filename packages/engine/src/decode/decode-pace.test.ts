import { expect, it } from 'vitest'
import { DecodePace } from './decode-pace.ts'

/**
 * Plays `steps` decode steps on a GPU that takes `gpu` ms a step and whose results become visible at the next multiple of
 * `poll` ms, or after `poll` ms where `poll` is below 1. Returns tokens a second over the last half.
 */
function play(pace: DecodePace, steps: number, gpu: number, poll: number): number {
  let now = 0
  let free = 0
  let half = 0
  const visible: number[] = []
  pace.restart()
  for (let given = 0, submitted = 0; given < steps; given += 1) {
    while (submitted < steps && visible.length < pace.depth) {
      free = Math.max(free, now) + gpu
      visible.push(poll < 1 ? free + poll : Math.ceil(free / poll) * poll)
      submitted += 1
    }
    now = Math.max(now, visible.shift() ?? now)
    pace.arrived(now)
    if (given === steps / 2) half = now
  }
  return (1000 * (steps / 2 - 1)) / (now - half)
}

it('stays shallow where results come at once', () => {
  const pace = new DecodePace()
  expect(play(pace, 200, 5, 0.5)).toBeGreaterThan(180)
  expect(pace.depth).toBe(2)
})

it('goes deep where results come every 100 ms, as in Firefox', () => {
  const pace = new DecodePace()
  expect(play(pace, 400, 5, 100)).toBeGreaterThan(60)
})

it('keeps one step behind a slow one, no more', () => {
  const pace = new DecodePace()
  play(pace, 100, 900, 0.5)
  expect(pace.depth).toBe(2)
})

it('grows shallower again when steps get longer', () => {
  const pace = new DecodePace()
  play(pace, 400, 3, 100)
  expect(pace.depth).toBeGreaterThan(2)
  play(pace, 200, 60, 100)
  expect(pace.depth).toBe(2)
})
