import type { TokenLogprob } from '@sampan/core'
import { LEAST_LOGPROB } from '../least-logprob.ts'
import { listIn, objectIn, stringIn } from './unknown-json.ts'

/** Of a token: some are long runs of spaces. */
const MOST_TOKEN_BYTES = 4096

/**
 * @param logprobs `choices[0].logprobs` of a chunk
 * @param top how many of the likeliest were wanted; vLLM puts the token itself first, wherever it belongs
 */
export function readLogprobs(logprobs: unknown, top: number): readonly TokenLogprob[] {
  return listIn(objectIn(logprobs)['content']).map((entry) => ({
    ...readOne(entry),
    top: listIn(objectIn(entry)['top_logprobs'])
      .map(readOne)
      .sort((a, b) => b.logprob - a.logprob)
      .slice(0, top),
  }))
}

function readOne(entry: unknown): Omit<TokenLogprob, 'top'> {
  const { token, bytes, logprob } = objectIn(entry)
  const text = stringIn(token) ?? ''
  const given = listIn(bytes).filter((byte): byte is number => typeof byte === 'number' && byte >= 0 && byte <= 255)
  return {
    text,
    bytes: Array.isArray(bytes) ? given.slice(0, MOST_TOKEN_BYTES) : [...new TextEncoder().encode(text)],
    logprob: typeof logprob === 'number' ? Math.min(0, Math.max(LEAST_LOGPROB, logprob)) : LEAST_LOGPROB,
  }
}
