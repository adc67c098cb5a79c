import { createFetch } from '../fetch/create-fetch.ts'
import type { FetchFunction } from '../fetch/fetch-function.ts'
import { type Script, ScriptedSource } from './scripted-source.ts'

/** `model.fetch` of a model that does what the scripts say. */
export function scriptedFetch(...scripts: readonly Script[]): { source: ScriptedSource; fetch: FetchFunction } {
  const source = new ScriptedSource(...scripts)
  return { source, fetch: createFetch(source, source.info) }
}
