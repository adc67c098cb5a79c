/** The four low nibbles of four bytes, packed into 16 bits, first byte lowest. */
export function packNibbles(bytes: number): number {
  const pairs = bytes & 0x0f0f0f0f
  const packed = (pairs | (pairs >>> 4)) & 0x00ff00ff
  return (packed | (packed >>> 8)) & 0xffff
}

/** Bit 0 of each of four bytes, packed into 4 bits: the factor moves them to bits 28 … 31, and no two products meet. */
export function packBits(bytes: number): number {
  return Math.imul(bytes & 0x01010101, 0x10204080) >>> 28
}

/** Bits 0 and 1 of each of four bytes, packed into 8 bits, in the same way. */
export function packPairs(bytes: number): number {
  return Math.imul(bytes & 0x03030303, 0x01041040) >>> 24
}
