/** FNV-1a over a range of bytes, 32 bits. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** Mixes a pair of token ids into 32 bits. */
export function hashPair(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 0x7f4a7c15, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** Slots of an open-addressing table for `count` entries: a power of two, at most half full. */
export function tableSize(count: number): number {
  let size = 16
  while (size < count * 2) size *= 2
  return size
}
