import { BlockHash } from './block-hash.ts'

/** SHA-1 (FIPS 180-4, section 6.1): what git names contents by. It guards against damage, not against forgery. */
export class Sha1Hash extends BlockHash {
  readonly #schedule = new Int32Array(80)

  constructor() {
    super([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  }

  /** Of git's blob: fed with the header that comes before the content. */
  static ofBlob(size: number): Sha1Hash {
    return new Sha1Hash().update(blobHeader(size))
  }

  static headerBytes(size: number): number {
    return blobHeader(size).length
  }

  protected override compress(bytes: Uint8Array, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = start; at < end; at += 64) mix(this.words, this.#schedule, view, at)
  }
}

function blobHeader(size: number): Uint8Array {
  return new TextEncoder().encode(`blob ${size}\0`)
}

function mix(words: Int32Array, schedule: Int32Array, view: DataView, at: number): void {
  for (let index = 0; index < 16; index++) schedule[index] = view.getInt32(at + 4 * index)
  for (let index = 16; index < 80; index++) {
    const word =
      (schedule[index - 3] ?? 0) ^
      (schedule[index - 8] ?? 0) ^
      (schedule[index - 14] ?? 0) ^
      (schedule[index - 16] ?? 0)
    schedule[index] = (word << 1) | (word >>> 31)
  }
  let a = words[0] ?? 0
  let b = words[1] ?? 0
  let c = words[2] ?? 0
  let d = words[3] ?? 0
  let e = words[4] ?? 0
  for (let index = 0; index < 80; index++) {
    const next = (((a << 5) | (a >>> 27)) + choose(index, b, c, d) + e + (schedule[index] ?? 0)) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  words[0] = (words[0] ?? 0) + a
  words[1] = (words[1] ?? 0) + b
  words[2] = (words[2] ?? 0) + c
  words[3] = (words[3] ?? 0) + d
  words[4] = (words[4] ?? 0) + e
}

function choose(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
  return (b ^ c ^ d) + 0xca62c1d6
}
