import type { GenerateOptions } from '../../engine-types.ts'

export type SamplingOptions = Pick<GenerateOptions, 'temperature' | 'topK' | 'topP' | 'minP'>

/** Lowest id of the largest logit; −1 when there is none. NaN is as −∞. */
export function greedyToken(logits: Float32Array): number {
  let best = -1
  for (const [token, logit] of logits.entries())
    if (logit > (best < 0 ? Number.NEGATIVE_INFINITY : (logits[best] ?? 0))) best = token
  return best
}

/** Tokens that temperature, top-k, top-p and min-p leave, by a sort and in float64, and their unnormalised chances. */
export function keptTokens(logits: Float32Array, options: SamplingOptions): Map<number, number> {
  const { temperature = 1, topK = 0, topP = 1, minP = 0 } = options
  const best = logits[greedyToken(logits)] ?? 0
  const sorted = [...logits.keys()]
    .map((token) => ({
      token,
      logit: logits[token] ?? 0,
      chance: Math.exp(((logits[token] ?? 0) - best) / temperature),
    }))
    .filter(({ chance }) => chance > Math.exp(-32))
    .sort((a, b) => b.logit - a.logit)
  const kth = topK > 0 && topK <= sorted.length ? (sorted[topK - 1]?.logit ?? 0) : Number.NEGATIVE_INFINITY
  const byCount = sorted.filter(({ logit }) => logit >= kth)
  const wanted = topP * byCount.reduce((sum, { chance }) => sum + chance, 0)
  const kept = new Map<number, number>()
  let mass = 0
  let last = best
  for (const { token, logit, chance } of byCount) {
    if (topP < 1 && mass >= wanted && logit < last) break
    mass += chance
    last = logit
    if (chance >= minP) kept.set(token, chance)
  }
  return kept
}

/** The token into which the random point of that seed and step falls, in the order of ids. */
export function drawnToken(kept: ReadonlyMap<number, number>, seed: number, step: number): number {
  const tokens = [...kept.keys()].sort((a, b) => a - b)
  const total = tokens.reduce((sum, token) => sum + (kept.get(token) ?? 0), 0)
  let point = (philox(seed, step) / 2 ** 32) * total
  for (const token of tokens) {
    point -= kept.get(token) ?? 0
    if (point < 0) return token
  }
  return tokens.at(-1) ?? -1
}

/** Philox2x32-10, first word, counter (step, 0). */
export function philox(seed: number, step: number): number {
  let left = BigInt(step)
  let right = 0n
  let key = BigInt(seed)
  for (let round = 0; round < 10; round++) {
    const product = 0xd256d193n * left
    left = ((product >> 32n) ^ key ^ right) & 0xffffffffn
    right = product & 0xffffffffn
    key = (key + 0x9e3779b9n) & 0xffffffffn
  }
  return Number(left)
}
