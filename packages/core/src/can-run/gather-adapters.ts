import type { LoraOutline } from '@sampan/engine'
import { checkAdapters } from '../adapters/check-adapters.ts'
import { type FindAdaptersContext, findAdapter } from '../adapters/find-adapter.ts'
import { withoutAdapters } from '../adapters/without-adapters.ts'
import { withMargin } from '../store/quota.ts'
import type { CanRunOptions } from './can-run-types.ts'
import { catchFailure } from './catch-failure.ts'
import type { AdapterFacts, Facts, Failure } from './facts.ts'
import { optional } from './optional.ts'

export interface AdapterAnswer {
  readonly facts: AdapterFacts
  /** Of those that could be read. */
  readonly outlines: readonly LoraOutline[]
}

/**
 * What adapters cost, and what tells whether they fit: by their configs and headers. Undefined where there are none.
 * @throws SampanError `option-invalid`, also where a model can have none
 */
export async function gatherAdapters(
  wish: Facts['wish'],
  { adapters, cache = true, fetch, headers }: CanRunOptions,
  context: Pick<FindAdaptersContext, 'hub' | 'token' | 'signal' | 'online'>,
): Promise<AdapterAnswer | undefined> {
  const choices = checkAdapters(adapters)
  if (choices.length === 0) return undefined
  if (wish === 'web-llm' || wish === 'wllama') throw withoutAdapters(wish)
  const { hub, token, signal, online } = context
  const hooks = { ...(fetch && { fetch }), ...(headers && { headers }) }
  const finding: FindAdaptersContext = { hub, token, signal, ...hooks, ...(online !== undefined && { online }) }
  const outlines: LoraOutline[] = []
  const missing: string[] = []
  const failures: Failure[] = []
  let cachedBytes = 0
  let downloadBytes: number | undefined = 0
  for (const choice of choices) {
    const { value, failure } = await catchFailure(async () => {
      const found = await findAdapter(choice, finding)
      return { found, outline: await found.outline() }
    })
    if (failure) failures.push(failure)
    if (!value) continue
    const { found, outline } = value
    outlines.push(outline)
    cachedBytes += found.cachedBytes
    if (found.downloadBytes === 0) continue
    missing.push(found.name)
    downloadBytes = sum(downloadBytes, found.downloadBytes)
  }
  const room = cache && downloadBytes !== 0 ? downloadBytes : undefined
  const kept = {
    cachedBytes,
    ...optional('downloadBytes', downloadBytes),
    ...optional('roomBytes', room === undefined ? undefined : withMargin(room)),
  }
  return { facts: { missing, kept, failures }, outlines }
}

/** Undefined where one is not known. */
function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}
