import { expect, it } from 'vitest'
import { Death, DyingArea } from '../test-support/dying-area.ts'
import { seededRandom } from '../test-support/seeded-random.ts'
import {
  faultsOf,
  indexOf,
  type MadeUpModel,
  madeUpModel,
  partBytes,
  storeMadeUp,
} from '../test-support/store-models.ts'
import { AreaStore } from './area-store.ts'

// The writer of a model dies after every possible byte (SAMPAN_SOAK), or after every 23rd; its disk has what was flushed, and any of
// the rest. What is found afterwards is what the last journal told, or the next; never less, and never a mixture.

const STRIDE = process.env['SAMPAN_SOAK'] ? 1 : 23
const sizes = [60, 200, 16, 130, 1, 300]

interface Life {
  readonly area: DyingArea
  /** Parts whose journal was there for sure. */
  readonly journalled: number
  readonly done: boolean
}

async function liveAndDie(model: MadeUpModel, area: DyingArea, every = 1): Promise<Life> {
  let journalled = 0
  const before = (part: number): void => {
    journalled = part - (part % every)
  }
  try {
    await storeMadeUp(new AreaStore(area, undefined), model, { before, every })
  } catch (error) {
    expect(error).toBeInstanceOf(Death)
    return { area, journalled, done: false }
  }
  return { area, journalled, done: true }
}

async function check(model: MadeUpModel, life: Life, seed: number, every = 1): Promise<void> {
  const { area, journalled, done } = life
  const disk = new DyingArea(area.remains(seededRandom(seed)))
  const store = new AreaStore(disk, undefined)
  const [found] = await store.list()
  if (done) expect(found?.state).toBe('complete')
  if (found?.state === 'complete') {
    // Also without the call that wrote it having ended.
    expect(await faultsOf(store, model)).toEqual([])
    expect(await store.find(model.plan.key, model.plan.form)).toEqual(found)
    return
  }
  await expect(store.open(model.plan.id)).rejects.toMatchObject({ code: 'model-not-cached' })
  const from = await storeMadeUp(store, model)
  expect([journalled, journalled + every]).toContain(from)
  expect(await faultsOf(store, model)).toEqual([])
}

it.each([1, 4])(
  'a tab that dies at any byte leaves the state before or after: a journal every %i parts',
  async (every) => {
    const model = await madeUpModel('torn', sizes)
    const whole = new DyingArea()
    await storeMadeUp(new AreaStore(whole, undefined), model, { every })
    expect(whole.steps).toBeGreaterThan(2_000)
    for (let life = 0; life <= whole.steps; life += STRIDE)
      await check(model, await liveAndDie(model, new DyingArea(new Map(), life), every), life, every)
  },
  600_000,
)

it('so does one that goes on with what another left, and dies again', async () => {
  const model = await madeUpModel('twice', sizes)
  for (let life = 700; life <= 3_000; life += 10 * STRIDE) {
    const first = await liveAndDie(model, new DyingArea(new Map(), life))
    const left = first.area.remains(seededRandom(life))
    for (let second = 1; second <= 3_000; second += 10 * STRIDE + 1) {
      const again = await liveAndDie(model, new DyingArea(new DyingArea(left).remains(seededRandom(0)), second))
      await check(model, { ...again, journalled: Math.max(first.journalled, again.journalled) }, life + second)
    }
  }
}, 600_000)

/** Parts from the fourth on are wrong at first: what came of them is taken back, and they are stored anew. */
async function storeTakingBack(area: DyingArea, model: MadeUpModel): Promise<void> {
  const store = new AreaStore(area, undefined)
  const { plan } = model
  const writer = await store.write(plan)
  const progress = { downloaded: 0, total: plan.total }
  const resumed: { part?: number; offsets?: readonly number[]; wrong?: boolean } = Object(writer.resumed)
  let offsets = [...(resumed.offsets ?? [])]
  const isRight = resumed.wrong === false
  for (let part = offsets.length; !isRight && part < 5; part++) {
    const bytes = partBytes(model, part)
    offsets.push(await writer.append(part < 3 ? bytes : bytes.map((byte) => byte ^ 0xff)))
    await writer.journal({ part: part + 1, offsets }, progress)
  }
  if (!isRight) {
    offsets = offsets.slice(0, 3)
    const length = (offsets[2] ?? 0) + (sizes[2] ?? 0)
    await writer.rewind(length, { part: 3, offsets, wrong: false }, progress)
    expect(await area.dataSize(plan.id)).toBe(length)
  }
  for (let part = offsets.length; part < sizes.length; part++) {
    offsets.push(await writer.append(partBytes(model, part)))
    await writer.journal({ part: part + 1, offsets, wrong: false }, progress)
  }
  await writer.commit(indexOf(model, offsets))
}

it('so does one that takes back what is wrong', async () => {
  const model = await madeUpModel('taken back', sizes)
  const whole = new DyingArea()
  await storeTakingBack(whole, model)
  for (let life = 0; life <= whole.steps; life += STRIDE) {
    const dying = new DyingArea(new Map(), life)
    await storeTakingBack(dying, model).catch((error) => expect(error).toBeInstanceOf(Death))
    // It dies once more soon after, perhaps while it does the same.
    const again = new DyingArea(dying.remains(seededRandom(life)), 1_000 + (life % 700))
    const store = new AreaStore(again, undefined)
    const isDone = async (store: AreaStore): Promise<boolean> => (await store.list())[0]?.state === 'complete'
    if (!(await isDone(store)))
      await storeTakingBack(again, model).catch((error) => expect(error).toBeInstanceOf(Death))
    const left = new DyingArea(again.remains(seededRandom(life + 1)))
    const last = new AreaStore(left, undefined)
    if (!(await isDone(last))) await storeTakingBack(left, model)
    expect(await faultsOf(last, model)).toEqual([])
  }
}, 600_000)

it('a deletion that is cut leaves nothing that looks whole and is not', async () => {
  const model = await madeUpModel('deleted', sizes)
  for (let life = 0; life < 8; life++) {
    const whole = new DyingArea()
    await storeMadeUp(new AreaStore(whole, undefined), model)
    const dying = new DyingArea(whole.disk, life)
    await new AreaStore(dying, undefined).delete(model.plan.id).catch((error) => expect(error).toBeInstanceOf(Death))
    const store = new AreaStore(new DyingArea(dying.remains(seededRandom(life))), undefined)
    const [found] = await store.list()
    if (found?.state === 'complete') expect(await faultsOf(store, model)).toEqual([])
    else await storeMadeUp(store, model)
  }
})

it('a journal whose bytes are lost is passed over, and the one before it is kept until there is a better one', async () => {
  const { plan } = await madeUpModel('passed over', sizes)
  const progress = { downloaded: 0, total: 1 }
  const begin = async (): Promise<DyingArea> => {
    const area = new DyingArea()
    const writer = await new AreaStore(area, undefined).write(plan)
    for (const step of [1, 2]) {
      await writer.append(new Uint8Array(16))
      await writer.journal({ step }, progress)
    }
    const data = await area.openData(plan.id)
    await data.truncate(20)
    await data.flush()
    return new DyingArea(area.disk)
  }
  const seen = new Set<string>()
  for (let life = 0; life < 500; life += STRIDE) {
    const dying = new DyingArea((await begin()).disk, life)
    try {
      const writer = await new AreaStore(dying, undefined).write(plan)
      await writer.append(new Uint8Array(32))
      await writer.journal({ step: 3 }, progress)
    } catch (error) {
      expect(error).toBeInstanceOf(Death)
    }
    const left = new DyingArea(dying.remains(seededRandom(life)))
    const { resumed, length } = await new AreaStore(left, undefined).write(plan)
    seen.add(`${JSON.stringify(resumed)} ${length}`)
  }
  expect(seen).toEqual(new Set(['{"step":1} 16', '{"step":3} 48']))
})
