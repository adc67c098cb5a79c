import { SampanError } from '../errors.ts'
import type { LoadSource } from '../load/load-types.ts'

/** As the engine has it. */
const MOST_ADAPTERS = 16
const MOST_SCALE = 65536

export interface AdapterChoice {
  readonly source: LoadSource
  readonly scale: number
}

/**
 * `LoadOptions.adapters`, or what `setAdapters` was given; plain JavaScript callers have no compiler.
 * @throws SampanError `option-invalid`
 */
export function checkAdapters(given: unknown): readonly AdapterChoice[] {
  if (given === undefined) return []
  if (!Array.isArray(given) || given.length > MOST_ADAPTERS)
    throw invalid(`adapters must be a list of at most ${MOST_ADAPTERS} sources`)
  return given.map((entry: LoadSource | { source: LoadSource; scale?: unknown }): AdapterChoice => {
    if (entry === undefined || entry === null) throw invalid(`adapters must be sources, not ${String(entry)}`)
    if (!isChoice(entry)) return { source: entry, scale: 1 }
    const { source, scale = 1 } = entry
    if (typeof scale !== 'number' || !(Math.abs(scale) <= MOST_SCALE))
      throw invalid(`the scale of an adapter must be a number between ±${MOST_SCALE}, not ${shown(scale)}`)
    return { source, scale }
  })
}

type Entry = LoadSource | { readonly source: LoadSource; readonly scale?: unknown }

function isChoice(entry: Entry): entry is { readonly source: LoadSource; readonly scale?: unknown } {
  return typeof entry === 'object' && entry !== null && 'source' in entry
}

function invalid(problem: string): SampanError {
  return new SampanError('option-invalid', `${problem[0]?.toUpperCase()}${problem.slice(1)}.`, { option: 'adapters' })
}

/** Symbols and objects without a prototype have no text. */
function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? JSON.stringify(value) : typeof value
}
