import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../test-support/seeded-random.ts'
import { openStorePage, openTwoTabs } from '../test-support/store-page.ts'
import type { TestPage } from '../test-support/test-page.ts'

// A Worker that writes a model is ended at any moment: SAMPAN_SOAK times more of them. What lies in the browser's files afterwards is
// what was journalled; another Worker goes on from there.
const KILLS = process.env['SAMPAN_SOAK'] ? 50 : 10
const PARTS_PER_KILL = 3
const SEED = 20_261_122
const without = { opfs: '', 'cache-storage': 'delete StorageManager.prototype.getDirectory' } as const

let test: TestPage
beforeAll(async () => {
  test = await openStorePage()
}, 60_000)
afterAll(() => test?.close())

interface Plan {
  readonly sizes: readonly number[]
  /** For each Worker: after so many parts, and milliseconds more. */
  readonly kills: readonly (readonly [parts: number, milliseconds: number])[]
}

interface Seen {
  readonly kind: string
  /** For each Worker: the part that it went on with, and the last of which it said that all before was journalled. */
  readonly lives: readonly { readonly from: number; readonly told: number }[]
  readonly state: string | undefined
  readonly faults: readonly string[]
  /** While the first Worker was writing. */
  readonly whileWriting: { readonly state: string | undefined; readonly downloaded: number | undefined }
}

it.each([
  ['opfs', KILLS],
  ['cache-storage', KILLS / 5],
] as const)(
  'a Worker that is ended anywhere leaves a state that it had: %s, %i times',
  async (kind, count) => {
    const [page] = await openTwoTabs(test, without[kind])
    const random = seededRandom(SEED)
    const sizes = Array.from({ length: count * PARTS_PER_KILL + 4 }, () => Math.ceil(random() * 400_000))
    const kills = Array.from({ length: count }, () => [Math.floor(random() * PARTS_PER_KILL), random() * 12] as const)
    const plan: Plan = { sizes, kills }
    const seen: Seen = await page.evaluate(`(${String(killAndGoOn)})(lab, startWork, ${JSON.stringify(plan)})`)
    await page.context().close()
    expect(seen.kind).toBe(kind)
    expect(seen.whileWriting.state).toBe('partial')
    expect(seen.lives).toHaveLength(count + 1)
    let before = 0
    for (const { from, told } of seen.lives) {
      expect(from).toBeGreaterThanOrEqual(before)
      expect(from).toBeLessThanOrEqual(sizes.length)
      before = Math.max(from, told)
    }
    expect(before).toBeGreaterThan(count / 2)
    expect(seen.state).toBe('complete')
    expect(seen.faults).toEqual([])
  },
  300_000,
)

/** In the page, which knows nothing of this file. */
async function killAndGoOn(
  lab: import('../test-support/store-lab.ts').StoreLab,
  startWork: StartWork,
  { sizes, kills }: Plan,
): Promise<Seen> {
  const model = await lab.madeUpModel('killed', sizes)
  const store = await lab.openStore()
  const lives: { from: number; told: number }[] = []
  let whileWriting: Seen['whileWriting'] = { state: undefined, downloaded: undefined }
  for (const [parts, milliseconds] of [...kills, undefined].map((kill) => kill ?? [1e9, 0])) {
    const { worker, told, done, hear } = startWork(
      `async (lab, { sizes, stopAt }) => {
        const [store, model] = [await lab.openStore(), await lab.madeUpModel('killed', sizes)]
        const before = async (part) => {
          lab.tell(part)
          if (part === stopAt) await new Promise(() => {})
        }
        if (!(await store.findId(model.plan.id))) await lab.storeMadeUp(store, model, { before })
      }`,
      // The first holds still while it is looked at.
      { sizes, stopAt: lives.length === 0 ? parts : undefined },
    )
    const enough = new Promise<void>((resolve) => hear(() => void (told.length > parts && resolve())))
    await Promise.race([enough, done])
    if (lives.length === 0) {
      const [found] = await store.list()
      whileWriting = { state: found?.state, downloaded: found?.downloaded }
    }
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    if (parts === 1e9) {
      const { error } = await done
      if (error) throw new Error(`${error.name}: ${error.message}`)
    }
    worker.terminate()
    lives.push({ from: told[0] ?? sizes.length, told: told.at(-1) ?? 0 })
  }
  const [found] = await store.list()
  return { kind: store.kind, lives, state: found?.state, faults: await lab.faultsOf(store, model), whileWriting }
}

type StartWork = (
  work: string,
  argument: unknown,
) => {
  readonly worker: Worker
  readonly told: readonly number[]
  readonly done: Promise<{ readonly error?: { readonly name: string; readonly message: string } }>
  readonly hear: (listener: () => void) => void
}
