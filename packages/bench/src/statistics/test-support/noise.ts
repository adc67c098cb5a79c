/** Mulberry32: the same numbers for the same seed. 0 ≤ … < 1. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Times of one engine as a machine may give them, around 1; `at` is 0 … 1 through the run. */
export type Noise = (random: () => number, at: number) => number

/** All with a spread as seen on laptops: about 5 %. */
export const noises = {
  normal: (random) => 1 + 0.05 * normal(random),
  'log-normal': (random) => Math.exp(0.2 * normal(random)),
  'heavy tails with outliers': (random) =>
    Math.exp((0.03 * normal(random)) / Math.sqrt(-Math.log(1 - random()))) + (random() < 0.05 ? 2 * random() : 0),
  'slow drift shared by both': (random, at) => (1 + 0.2 * at) * (1 + 0.05 * normal(random)),
  bimodal: (random) => (random() < 0.4 ? 1.2 : 1) * (1 + 0.01 * normal(random)),
  'bimodal in long turns': (random, at) =>
    (Math.sin(9 * at + 6 * random()) > 0 ? 1.2 : 1) * (1 + 0.02 * normal(random)),
  'steps of a coarse clock': (random) => Math.round(40 * (1 + 0.05 * normal(random))) / 40,
} satisfies Readonly<Record<string, Noise>>

/** Samples of two engines in turns, ABBA…; `slower` is by how much the second takes longer. */
export function turns(
  noise: Noise,
  pairs: number,
  random: () => number,
  slower = 1,
): { base: number[]; other: number[] } {
  const base: number[] = []
  const other: number[] = []
  for (let pair = 0; pair < pairs; pair++)
    for (const turn of [0, 1]) {
      const value = noise(random, (2 * pair + turn) / (2 * pairs))
      if ((pair + turn) % 2 === 0) base.push(value)
      else other.push(value * slower)
    }
  return { base, other }
}
