/** Whole numbers in [0, below), always the same for the same seed: xorshift with 32 bits (Marsaglia 2003). */
export function seededPick(...seed: readonly (number | string)[]): (below: number) => number {
  let state = hash(seed.join('\0')) | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.floor(((state >>> 0) / 2 ** 32) * below)
  }
}

/** FNV-1a, then MurmurHash3's last mixing, so that seeds that follow one another have nothing in common. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return value ^ (value >>> 16)
}
