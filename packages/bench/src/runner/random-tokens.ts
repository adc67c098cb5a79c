/**
 * `count` ids below `vocabularySize`, the same for the same seed on every machine (Mulberry32). Ids below 1000 and the last tenth are left
 * out where the vocabulary is large: bytes and special tokens lie there.
 */
export function randomTokens(seed: number, count: number, vocabularySize: number): number[] {
  const first = vocabularySize > 10_000 ? 1000 : Math.floor(vocabularySize * 0.1)
  const end = Math.floor(vocabularySize * 0.9)
  let state = seed >>> 0
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    const fraction = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    return first + Math.floor(fraction * (end - first))
  })
}
