import { describe, expect, it } from 'vitest'
import { frameFigures, longTaskFigures } from './page-watch.ts'

const frames = Array.from({ length: 100 }, (_, index) => index * 10)

describe('frames', () => {
  it('count where the engine worked, and nowhere else', () => {
    const slow = [...frames.slice(0, 50), ...frames.slice(50).map((time) => time + 200)]
    expect(frameFigures(slow, [{ start: 100, end: 300 }])).toEqual({ frames: 20, p50Ms: 10, p95Ms: 10, maxMs: 10 })
    const held = frameFigures(slow, [
      { start: 100, end: 300 },
      { start: 450, end: 500 },
    ])
    expect(held).toMatchObject({ maxMs: 210, p50Ms: 10 })
  })

  it('an interval that lies around a whole stretch counts', () => {
    const stretches = [
      { start: 101, end: 102 },
      { start: 103, end: 104 },
      { start: 150, end: 200 },
    ]
    expect(frameFigures(frames, stretches)?.frames).toBe(6)
  })

  it('of hardly any there are no figures', () => {
    expect(frameFigures(frames, [{ start: 100, end: 120 }])).toBeUndefined()
    expect(frameFigures([], [{ start: 0, end: 1000 }])).toBeUndefined()
    expect(frameFigures(frames, [])).toBeUndefined()
  })
})

it('long tasks count once, however many stretches they touch', () => {
  const tasks = [
    { start: 90, end: 160 },
    { start: 400, end: 460 },
  ]
  expect(
    longTaskFigures(tasks, [
      { start: 100, end: 120 },
      { start: 130, end: 140 },
    ]),
  ).toEqual({ count: 1, ms: 70 })
})
