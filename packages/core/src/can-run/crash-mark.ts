import {
  type CrashMark,
  canRemember,
  type LoadRecord,
  loadIds,
  type Processor,
  readCrashes,
  readLoad,
  writeCrashes,
  writeLoad,
} from './crash-record.ts'

export { type CrashMark, type Processor, processorOf } from './crash-record.ts'

/** Of a load, held while it has a mark: by it others know that its page lives. */
const LOAD_LOCK = 'sampan-loading-'
const RECORD_LOCK = 'sampan-crashes'

/**
 * What one tab has removed is seen in another a moment later, maybe after the lock of the first is seen to be free: so long a mark that
 * nobody holds must stay to count.
 */
const SETTLE_MILLISECONDS = 250

/** A load that is under way. Only the first call counts. */
export interface LoadingMark {
  /** What it takes has turned out: a crash then says something of what is no smaller, too. */
  weigh(bytes: number): void
  /** It has answered with its first token: it runs here, and so does what is no larger. */
  ran(): void
  /** It has failed with an error, was ended, or is disposed of: not by a crash. */
  ended(): void
}

/**
 * To be awaited before a model's first byte goes to a processor: should the page die from here on, `findMark` tells the next one. Phones
 * end a page that takes too much memory without a word, and browsers then reload it, so that a page that loads by itself would die
 * for ever. A page that is left, reloaded or hidden (those are ended for others' memory) takes its marks back, and writes them anew when it
 * is shown again.
 * @param bytes what it is about to take; 0 where that is not known
 */
export async function markLoading(
  key: string,
  bytes: number,
  name = key,
  processor: Processor = 'gpu',
): Promise<LoadingMark> {
  // What has no locks, as an insecure page, has no such ids either.
  const id = globalThis.navigator?.locks ? crypto.randomUUID() : ''
  const release = await holdLock(LOAD_LOCK + id)
  if (!release) return { weigh: () => {}, ran: () => {}, ended: () => {} }
  let load: LoadRecord = { key, name, processor, bytes, at: Date.now() }
  const shown = new ShownPage((isShown) => writeLoad(id, isShown ? load : undefined))
  let over = false
  const end = (): boolean => {
    const first = !over
    over = true
    shown.unwatch()
    writeLoad(id, undefined)
    release()
    return first
  }
  return {
    weigh(weight) {
      if (over || weight === load.bytes) return
      load = { ...load, bytes: weight }
      shown.again()
    },
    ran() {
      const { bytes } = load
      const isOver = (crash: CrashMark): boolean =>
        crash.processor === processor && (crash.key === key || isNoLarger(crash, bytes))
      if (end()) writeCrashes(readCrashes().filter((crash) => !isOver(crash)))
    },
    ended: () => void end(),
  }
}

const isNoLarger = (crash: CrashMark, bytes: number): boolean => crash.bytes > 0 && crash.bytes <= bytes

/** The latest crash, of the model `key` on one processor or of any. */
export async function findMark(key?: string, processor: Processor = 'gpu'): Promise<CrashMark | undefined> {
  return (await findCrashes()).find((crash) => key === undefined || isOf(crash, key, processor))
}

const isOf = (crash: LoadRecord, key: string, processor: Processor): boolean =>
  crash.key === key && crash.processor === processor

/** All that are known, latest first. */
export async function findCrashes(): Promise<readonly CrashMark[]> {
  await collect()
  return readCrashes()
}

/** The visitor wants to try it again. */
export function forgetCrash(key: string, processor: Processor = 'gpu'): void {
  writeCrashes(readCrashes().filter((crash) => !isOf(crash, key, processor)))
}

/** Makes crashes of the marks of loads whose pages are no more. */
async function collect(): Promise<void> {
  const locks = globalThis.navigator?.locks
  if (!locks || !canRemember()) return
  // In this order: a load has its lock before it has a mark.
  const left = await withoutLiving(loadIds())
  if (left.length === 0) return
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLISECONDS))
  await locks.request(RECORD_LOCK, () => {
    for (const id of left) {
      const load = readLoad(id)
      writeLoad(id, undefined)
      if (load) addCrash(load)
    }
  })
}

function addCrash(load: LoadRecord): void {
  const crashes = readCrashes()
  const isSame = (crash: CrashMark): boolean => isOf(crash, load.key, load.processor)
  const times = (crashes.find(isSame)?.times ?? 0) + 1
  writeCrashes([...crashes.filter((crash) => !isSame(crash)), { ...load, times }])
}

async function withoutLiving(ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return ids
  const { held = [] } = await navigator.locks.query()
  const living = new Set(held.map(({ name }) => name))
  return ids.filter((id) => !living.has(LOAD_LOCK + id))
}

/** Returns what gives it back. Undefined where a mark could not be told from that of a page that lives, or not be kept. */
async function holdLock(name: string): Promise<(() => void) | undefined> {
  const locks = globalThis.navigator?.locks
  if (!locks || !globalThis.document || !canRemember()) return undefined
  return new Promise((resolve) => {
    locks
      .request(name, () => new Promise<void>((release) => resolve(release)))
      // Of a document that is not to have any, as in a frame without an origin.
      .catch(() => resolve(undefined))
  })
}

/** Calls `onChange` with whether the page is looked at: at once, and whenever that changes. */
class ShownPage {
  readonly #onChange: (isShown: boolean) => void
  #left = false
  readonly #leave = (): void => this.#tell(true)
  /** From the back-forward cache. */
  readonly #return = (): void => this.#tell(false)
  readonly #change = (): void => this.#tell(this.#left)

  constructor(onChange: (isShown: boolean) => void) {
    this.#onChange = onChange
    addEventListener('pagehide', this.#leave)
    addEventListener('pageshow', this.#return)
    document.addEventListener('visibilitychange', this.#change)
    this.#tell(false)
  }

  again(): void {
    this.#tell(this.#left)
  }

  unwatch(): void {
    removeEventListener('pagehide', this.#leave)
    removeEventListener('pageshow', this.#return)
    document.removeEventListener('visibilitychange', this.#change)
  }

  #tell(left: boolean): void {
    this.#left = left
    this.#onChange(!left && document.visibilityState === 'visible')
  }
}
