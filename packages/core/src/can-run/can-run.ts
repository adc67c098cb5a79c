import type { LoadSource } from '../load/load-types.ts'
import type { CanRunOptions, Verdict } from './can-run-types.ts'

/**
 * Whether a model would run here, what it would cost, and what else there is, before a byte of its weights is fetched: reads its
 * config and the headers of its files, or only what is kept of it on this device. What is in the way is in the verdict's `reasons`.
 * @throws SampanError `option-invalid`, `source-invalid`, `pocket-missing`; the signal's reason
 */
export async function canRun(source: LoadSource, options: CanRunOptions = {}): Promise<Verdict> {
  // Apps that never ask do not fetch what answers.
  const [{ gatherFacts }, { judge }] = await Promise.all([import('./gather-facts.ts'), import('./judge.ts')])
  return judge(await gatherFacts(source, options))
}
