import { type Alternative, canRun } from '@sampan/core'
import type { Settings } from './settings.ts'
import { loadable, loadOptionsFor, type Source } from './source.ts'

/** Errors after which another form of the model, or a smaller one, is what helps. */
const helpedByAnother: ReadonlySet<string> = new Set([
  'crashed-last-time',
  'quota-exceeded',
  'webgpu-unavailable',
  'device-out-of-memory',
  'device-limit-exceeded',
  'source-ambiguous',
  'format-unsupported',
  'architecture-unknown',
])

/** What to load instead of what could not be loaded, smallest first. */
export async function remediesFor(code: string, source: Source, settings: Settings): Promise<readonly Alternative[]> {
  if (!helpedByAnother.has(code)) return []
  try {
    const verdict = await canRun(loadable(source), loadOptionsFor(source, settings))
    return verdict.alternatives
  } catch {
    return []
  }
}
