import { oneOf, type Pick } from './target.ts'

const numbers = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fff_ffffn,
  0xffff_ffffn,
  1n << 40n,
  (1n << 53n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
]

/** One to four wounds within the first `within` bytes: flipped bits, erased, doubled and moved pieces, large numbers, an early end. */
export function mutateBytes(sound: Uint8Array, pick: Pick, within = sound.length): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(sound)
  for (let wounds = 1 + pick(4); wounds > 0; wounds--) bytes = wound(bytes, pick, Math.min(within, bytes.length))
  return bytes
}

function wound(bytes: Uint8Array<ArrayBuffer>, pick: Pick, within: number): Uint8Array<ArrayBuffer> {
  if (within === 0) return bytes
  const at = pick(within)
  const length = 1 + pick(oneOf(pick, [4, 16, 256]))
  switch (pick(8)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8))
      return bytes
    case 1:
      bytes[at] = pick(256)
      return bytes
    case 2:
      return join(bytes.subarray(0, at), bytes.subarray(at + length))
    case 3:
      return join(bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at))
    case 4: {
      const from = pick(within)
      return join(bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at + length))
    }
    case 5:
      return bytes.slice(0, at)
    case 6:
      bytes.fill(oneOf(pick, [0, 0x20, 0x7b, 0xff]), at, Math.min(at + length, within))
      return bytes
    default: {
      const width = oneOf(pick, [1, 2, 4, 8])
      const value = oneOf(pick, numbers)
      for (let byte = 0; byte < width && at + byte < bytes.length; byte++)
        bytes[at + byte] = Number((value >> BigInt(8 * byte)) & 0xffn)
      return bytes
    }
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
