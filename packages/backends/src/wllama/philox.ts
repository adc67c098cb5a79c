const MULTIPLIER = 0xd256d193n
const WEYL = 0x9e3779b9n
const WORD = 0xffffffffn

/**
 * The random point, 0 ≤ point < 1, of one step under one seed: Philox2x32-10 with the counter (step, 0) (Salmon et al., "Parallel
 * random numbers: as easy as 1, 2, 3", 2011). A seed means the same points here as on Sampan's own engine.
 */
export function randomPoint(seed: number, step: number): number {
  let left = BigInt(step)
  let right = 0n
  let key = BigInt(seed)
  for (let round = 0; round < 10; round++) {
    const product = MULTIPLIER * left
    left = ((product >> 32n) ^ key ^ right) & WORD
    right = product & WORD
    key = (key + WEYL) & WORD
  }
  return Number(left) / 2 ** 32
}
