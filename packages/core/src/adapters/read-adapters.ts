import { digestOf } from './adapter-digest.ts'
import type { AdapterFiles } from './adapter-types.ts'
import type { AdapterChoice } from './check-adapters.ts'
import { type FindAdaptersContext, type FoundAdapter, findAdapter } from './find-adapter.ts'

/**
 * Finds adapters, in the order in which they were given: on disk, where they were kept, or on their servers.
 * @throws SampanError of what cannot be found, read or understood; the signal's reason
 */
export async function findAdapters(
  choices: readonly AdapterChoice[],
  context: FindAdaptersContext,
): Promise<readonly FoundAdapter[]> {
  const found: FoundAdapter[] = []
  for (const choice of choices) found.push(await findAdapter(choice, context))
  return found
}

/**
 * Brings adapters to this page, those on a server once somebody has allowed it.
 * @param onBytes what has come of all that are to be downloaded
 * @throws SampanError `download-required`, `hash-mismatch`, `file-limit-exceeded` and what fetching throws; the signal's reason
 */
export async function bringAdapters(
  found: readonly FoundAdapter[],
  onBytes: (loaded: number) => void = () => {},
): Promise<readonly AdapterFiles[]> {
  const files: AdapterFiles[] = []
  let before = 0
  for (const adapter of found) {
    const brought = await adapter.bring((loaded) => onBytes(before + loaded))
    before += adapter.downloadBytes ?? 0
    const digest = brought.sha256 ?? (await digestOf(brought))
    files.push({
      ...brought,
      id: digest ?? adapter.id,
      ...(digest !== undefined && { sha256: digest }),
      scale: adapter.scale,
    })
  }
  return files
}

/** Both at once. */
export async function readAdapters(
  choices: readonly AdapterChoice[],
  context: FindAdaptersContext,
): Promise<readonly AdapterFiles[]> {
  return bringAdapters(await findAdapters(choices, context))
}
