import type { ChatCompletionChunk } from '@mlc-ai/web-llm'
import type { TokenLogprob } from '@sampan/core'
import { LEAST_LOGPROB } from '../least-logprob.ts'

/** @param top how many of the likeliest were asked for; web-llm may tell more */
export function toLogprobs(
  logprobs: ChatCompletionChunk.Choice['logprobs'] | undefined,
  top: number,
): readonly TokenLogprob[] {
  return (logprobs?.content ?? []).map((entry) => ({
    ...toOne(entry),
    top: entry.top_logprobs.slice(0, top).map(toOne),
  }))
}

interface Told {
  readonly token: string
  readonly bytes: readonly number[] | null
  readonly logprob: number
}

function toOne({ token, bytes, logprob }: Told): Omit<TokenLogprob, 'top'> {
  const finite = Number.isFinite(logprob) ? Math.min(0, Math.max(LEAST_LOGPROB, logprob)) : LEAST_LOGPROB
  return { text: token, bytes: bytes ?? [...new TextEncoder().encode(token)], logprob: finite }
}
