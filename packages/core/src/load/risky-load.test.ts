import { expect, it } from 'vitest'
import { RiskyLoad } from './risky-load.ts'

/** A load whose marks are told, in order. */
function told() {
  const events: string[] = []
  let marks = 0
  const load = new RiskyLoad(async () => {
    const number = ++marks
    await Promise.resolve()
    events.push(`${number} stands`)
    return {
      weigh: (bytes) => void events.push(`${number} weighs ${bytes}`),
      ran: () => void events.push(`${number} ran`),
      ended: () => void events.push(`${number} ended`),
    }
  })
  return { load, events }
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

it('stands from its beginning to the first token', async () => {
  const { load, events } = told()
  await load.begin()
  load.loaded(1, 100)
  load.ran()
  expect(events).toEqual(['1 stands', '1 weighs 100', '1 ran'])
})

it('stands from when the device holds much, or all', async () => {
  for (const [from, bytes] of [
    [60, 60],
    [1_000, 100],
  ] as const) {
    const { load, events } = told()
    load.beginAt(from)
    load.loaded(bytes - 1, 100)
    await settle()
    expect(events).toEqual([])
    load.loaded(bytes, 100)
    load.loaded(bytes, 100)
    await settle()
    expect(events).toEqual(['1 stands', '1 weighs 100'])
    load.ended()
    expect(events.at(-1)).toBe('1 ended')
  }
})

it('does not stand for a load that came to nothing before, whenever that was', async () => {
  const { load, events } = told()
  load.beginAt(50)
  load.ended()
  load.loaded(100, 100)
  await settle()
  expect(events).toEqual([])
  const begun = load.begin()
  load.ended()
  await begun
  expect(events).toEqual(['1 stands', '1 weighs 100', '1 ended'])
})

it('is taken back while the model is downloaded, and stands anew', async () => {
  const { load, events } = told()
  await load.begin()
  load.takeBack()
  const slow = load.begin()
  load.takeBack()
  await slow
  await load.begin()
  load.ran()
  expect(events).toEqual(['1 stands', '1 ended', '2 stands', '2 ended', '3 stands', '3 ran'])
})
