import type { DeviceBackend } from '../worker/spawn-worker.ts'

/**
 * What is remembered of loads that ended a page, in `localStorage`: it is written before the call returns, by a process that outlives
 * the page's own, and it can still be written while a page is being left, which IndexedDB cannot. What is lost when the whole browser
 * is killed within seconds is no model's fault for certain anyway.
 */
const LOADING = 'sampan.loading.'
const CRASHES = 'sampan.crashes'

/** Browsers, drivers and phones get better, and a battery may have been empty. */
const KEPT_MILLISECONDS = 7 * 24 * 60 * 60 * 1000
const MOST_CRASHES = 16
/** Of JSON that some other script of this site may have put there. */
const MOST_CHARACTERS = 65_536

/** What a model is brought to: what ends a page on the one may run on the other. */
export type Processor = 'gpu' | 'cpu'

export function processorOf(backend: DeviceBackend): Processor {
  return backend === 'wllama' ? 'cpu' : 'gpu'
}

/** A model that is being brought to a processor. */
export interface LoadRecord {
  readonly key: string
  readonly name: string
  readonly processor: Processor
  /** That it took, about; 0: nobody knew. */
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A model that was being brought there when its page ended without a word. */
export interface CrashMark extends LoadRecord {
  /** How often in a row. */
  readonly times: number
}

/** Undefined where there is no storage: in Workers, and where the browser keeps it from the page. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}

export function canRemember(): boolean {
  return storage() !== undefined
}

/** @param load undefined: it is forgotten */
export function writeLoad(id: string, load: LoadRecord | undefined): void {
  write(LOADING + id, load)
}

/** Undefined also for one that is too old. */
export function readLoad(id: string): LoadRecord | undefined {
  return toLoad(read(LOADING + id))
}

/** Loads that nobody has taken back. */
export function loadIds(): string[] {
  return Object.keys(storage() ?? {}).flatMap((name) => (name.startsWith(LOADING) ? [name.slice(LOADING.length)] : []))
}

/** Newest first, without those that are too old. */
export function readCrashes(): readonly CrashMark[] {
  const list = read(CRASHES)
  return (Array.isArray(list) ? list : [])
    .flatMap((value: unknown) => {
      const load = toLoad(value)
      const times = property(value, 'times')
      return load && typeof times === 'number' && times >= 1 ? [{ ...load, times }] : []
    })
    .sort((a, b) => b.at - a.at)
}

export function writeCrashes(crashes: readonly CrashMark[]): void {
  const kept = [...crashes].sort((a, b) => b.at - a.at).slice(0, MOST_CRASHES)
  write(CRASHES, kept.length === 0 ? undefined : kept)
}

function write(name: string, value: unknown): void {
  try {
    if (value === undefined) storage()?.removeItem(name)
    else storage()?.setItem(name, JSON.stringify(value))
  } catch {
    // Full or forbidden: a load is not to fail for it.
  }
}

function read(name: string): unknown {
  const text = storage()?.getItem(name) ?? ''
  if (text.length > MOST_CHARACTERS) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toLoad(value: unknown): LoadRecord | undefined {
  const [key, name, bytes, at] = ['key', 'name', 'bytes', 'at'].map((field) => property(value, field))
  if (typeof key !== 'string' || typeof name !== 'string' || typeof bytes !== 'number' || typeof at !== 'number')
    return undefined
  // A clock that was put back is no reason to keep one for ever.
  if (Math.abs(Date.now() - at) >= KEPT_MILLISECONDS) return undefined
  return { key, name, processor: property(value, 'processor') === 'cpu' ? 'cpu' : 'gpu', bytes, at }
}

function property(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined
}
