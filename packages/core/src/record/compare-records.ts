import type { AnswerRecord, ReplayDifference, ReplayNote, ReplayVerdict } from './record-types.ts'

/**
 * Differences of log probabilities up to these count as none. What is the same on paper gives the same to the last digit, unless a GPU
 * was lost on the way; another device, or a cache, rounds otherwise.
 */
const TOLERANCE = 0.01
const TOLERANCE_OF_OTHERS = 0.1

/**
 * What came out when the answer of `recorded` was made again as `now`.
 * @param forced its tokens were not chosen again, nor was where they end
 */
export function compareRecords(recorded: AnswerRecord, now: AnswerRecord, forced: boolean): ReplayVerdict {
  const tokens = tokensDifference(recorded, now)
  const alike = tokens?.at ?? recorded.answer.tokens.length
  const largest = largestDifference(recorded, now, alike)
  const reasons: readonly (ReplayDifference | undefined)[] = [
    promptDiffers(recorded, now) ? { what: 'prompt' } : undefined,
    tokens,
    largest && largest.difference > toleranceOf(recorded, now) ? probabilities(recorded, now, largest.at) : undefined,
    tokens === undefined ? differs('text', recorded.answer.text, now.answer.text) : undefined,
    forced ? undefined : differs('finish', recorded.answer.finish, now.answer.finish),
  ]
  return verdict(
    reasons.filter((reason) => reason !== undefined),
    notesOn(recorded, now),
    recorded.answer.tokens.length,
    largest?.difference ?? 0,
  )
}

/** The verdict on a record of a model with another hash: tokens mean something else to it. */
export function anotherModel(recorded: string, now: string): ReplayVerdict {
  return verdict([{ what: 'model', recorded, now }], [], 0, 0)
}

function verdict(
  reasons: readonly ReplayDifference[],
  notes: readonly ReplayNote[],
  tokens: number,
  largest: number,
): ReplayVerdict {
  if (reasons.length === 0) return { same: true, tokens, notes, largestDifference: largest }
  const found = reasons.find((reason) => reason.what === 'tokens')
  return {
    same: false,
    reasons,
    ...(found && {
      at: found.at,
      ...(found.expected !== undefined && { expected: found.expected }),
      ...(found.got !== undefined && { got: found.got }),
    }),
    notes,
    largestDifference: largest,
  }
}

function toleranceOf(recorded: AnswerRecord, now: AnswerRecord): number {
  const isSame = recorded.engine.fingerprint === now.engine.fingerprint && recorded.prompt.cachedTokens === 0
  return isSame ? TOLERANCE : TOLERANCE_OF_OTHERS
}

function promptDiffers({ prompt: recorded }: AnswerRecord, { prompt: now }: AnswerRecord): boolean {
  return !now.rendered || (recorded.text !== undefined && now.text !== undefined && recorded.text !== now.text)
}

function tokensDifference(
  { answer: recorded }: AnswerRecord,
  { answer: now }: AnswerRecord,
): Extract<ReplayDifference, { what: 'tokens' }> | undefined {
  const length = Math.max(recorded.tokens.length, now.tokens.length)
  for (let at = 0; at < length; at++) {
    const [expected, got] = [recorded.tokens[at], now.tokens[at]]
    if (expected !== got) return { what: 'tokens', at, expected, got }
  }
  return undefined
}

function largestDifference(
  recorded: AnswerRecord,
  now: AnswerRecord,
  count: number,
): { readonly at: number; readonly difference: number } | undefined {
  let largest: { readonly at: number; readonly difference: number } | undefined
  for (let at = 0; at < count; at++) {
    const difference = Math.abs((recorded.answer.logprobs[at] ?? 0) - (now.answer.logprobs[at] ?? 0))
    if (difference > (largest?.difference ?? 0)) largest = { at, difference }
  }
  return largest
}

function probabilities(recorded: AnswerRecord, now: AnswerRecord, at: number): ReplayDifference {
  return {
    what: 'probabilities',
    at,
    recorded: recorded.answer.logprobs[at] ?? 0,
    now: now.answer.logprobs[at] ?? 0,
  }
}

function differs<What extends string, Value>(
  what: What,
  recorded: Value,
  now: Value,
): { readonly what: What; readonly recorded: Value; readonly now: Value } | undefined {
  return recorded === now ? undefined : { what, recorded, now }
}

function notesOn(recorded: AnswerRecord, now: AnswerRecord): readonly ReplayNote[] {
  const { cachedTokens } = recorded.prompt
  const notes = [
    differs('hash', recorded.model.hash, now.model.hash),
    differs('sampan', recorded.engine.sampan, now.engine.sampan),
    differs('fingerprint', recorded.engine.fingerprint, now.engine.fingerprint),
    differs('template', recorded.prompt.template, now.prompt.template),
    differs('stop-tokens', String(recorded.sampling.stopTokens), String(now.sampling.stopTokens)),
    differs('cache', String(cachedTokens), String(now.prompt.cachedTokens)),
  ] as const
  return notes.filter((note) => note !== undefined)
}
