import type { TokenGenerateOptions } from '@sampan/core/backend'
import { BackendError } from '../backend-error.ts'

export type Sampling = Pick<TokenGenerateOptions, 'temperature' | 'topK' | 'topP' | 'minP'>

/** A token that may come next and its chance at temperature 1, before anything was done to it. */
export interface Candidate {
  readonly token: number
  readonly p: number
}

/** A token that may come next and its logit, after all that is done to logits; up to a constant that all tokens share. */
export interface Scored {
  readonly token: number
  readonly score: number
}

/** Below it, chances of all but the best are beyond float32: greedy. */
const LEAST_TEMPERATURE = 1e-6
/** Chances relative to the best that count as none, as on the GPU. */
const LEAST_CHANCE = Math.exp(-32)
/** Candidates beyond `topK` that are asked for, since tokens of equal logits stay together. */
const ROOM_FOR_TIES = 8
/** What `minP` alone leaves is rarely more. */
const MIN_P_CANDIDATES = 256

export function isGreedy({ temperature, topK }: Sampling): boolean {
  return temperature < LEAST_TEMPERATURE || topK === 1
}

/** How many of the best candidates will mostly do for `drawToken`. */
export function candidatesWanted(sampling: Sampling, vocabularySize: number): number {
  const { topK, topP, minP } = sampling
  if (isGreedy(sampling)) return 1
  if (topK > 0) return Math.min(vocabularySize, topK + ROOM_FOR_TIES)
  return topP >= 1 && minP > 0 ? Math.min(vocabularySize, MIN_P_CANDIDATES) : vocabularySize
}

/**
 * Draws one of `candidates`, sorted with the best first, in the order and meaning of Sampan's own engine: temperature, then
 * top-k, top-p of what that leaves, then min-p relative to the best; the point falls into the tokens in the order of their ids.
 * @param ceiling no token that is not among `candidates` has a higher score; −∞ where there is none
 * @param point 0 ≤ point < 1
 * @returns undefined when tokens that are not among these might be kept
 * @throws BackendError `logits-invalid`
 */
export function drawToken(
  candidates: readonly Scored[],
  ceiling: number,
  sampling: Sampling,
  point: number,
): number | undefined {
  const [best] = candidates
  if (!best || best.score < ceiling) return undefined
  if (!Number.isFinite(best.score)) throw logitsInvalid()
  if (isGreedy(sampling)) return best.token
  const relative = (score: number): number => Math.exp((score - best.score) / sampling.temperature)
  const unread = relative(ceiling)
  const weighed = candidates
    .map(({ token, score }) => ({ token, chance: relative(score) }))
    .filter(({ chance }) => chance > LEAST_CHANCE)
  const byCount = kept(weighed, sampling)
  const cutByCount = sampling.topK > 0 && (weighed[sampling.topK - 1]?.chance ?? 0) > unread
  const cutByChance = sampling.topP >= 1 && unread < sampling.minP
  if (unread > LEAST_CHANCE && !cutByCount && !cutByChance) return undefined
  const drawable = nucleus(byCount, sampling.topP).filter(({ chance }) => chance >= sampling.minP)
  return pick(drawable, point)
}

interface Weighed {
  readonly token: number
  readonly chance: number
}

function kept(weighed: readonly Weighed[], { topK }: Sampling): readonly Weighed[] {
  const kth = topK > 0 ? weighed[topK - 1]?.chance : undefined
  return kth === undefined ? weighed : weighed.filter(({ chance }) => chance >= kth)
}

/** The fewest of the best that reach the share `topP` together, and all that equal the last of them. */
function nucleus(weighed: readonly Weighed[], topP: number): readonly Weighed[] {
  if (topP >= 1) return weighed
  const wanted = topP * weighed.reduce((sum, { chance }) => sum + chance, 0)
  let mass = 0
  let last = Number.POSITIVE_INFINITY
  const end = weighed.findIndex(({ chance }, index) => {
    if (index > 0 && mass >= wanted && chance < last) return true
    mass += chance
    last = chance
    return false
  })
  return end < 0 ? weighed : weighed.slice(0, end)
}

function pick(weighed: readonly Weighed[], point: number): number {
  const inOrder = weighed.toSorted((a, b) => a.token - b.token)
  let left = point * inOrder.reduce((sum, { chance }) => sum + chance, 0)
  for (const { token, chance } of inOrder) {
    left -= chance
    if (left < 0) return token
  }
  const last = inOrder.at(-1)
  if (!last) throw logitsInvalid()
  return last.token
}

export function logitsInvalid(): BackendError {
  return new BackendError(
    'logits-invalid',
    'The model gives no chances that can be drawn from: its file is damaged, download it anew.',
  )
}
