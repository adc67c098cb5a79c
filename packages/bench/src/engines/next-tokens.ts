import { BenchError } from '../errors.ts'
import type { RunRequest, RunSample } from './bench-engine.ts'

/** The likeliest token behind each prefix, for engines that can only generate: one run of one token each, from what the one before left. */
export async function nextTokensByRuns(
  run: (request: RunRequest) => Promise<RunSample>,
  tokens: readonly number[],
  from: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const next: number[] = []
  for (let length = from + 1; length <= tokens.length; length++) {
    const { tokens: chosen } = await run({ prompt: tokens.slice(0, length), generate: 1, reuse: true, signal })
    const [token] = chosen ?? []
    if (token === undefined) throw new BenchError('engine-misbehaved', 'The engine does not tell the tokens it chose.')
    next.push(token)
  }
  return next
}
