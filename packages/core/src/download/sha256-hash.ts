import { BlockHash } from './block-hash.ts'

/** Fractional parts of the square roots of the first eight primes (FIPS 180-4, section 5.3.3). */
const INITIAL = primes(8).map((prime) => fraction(Math.sqrt(prime)))
/** Of the cube roots of the first 64 (section 4.2.2). */
const CONSTANTS = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)))

/** SHA-256 (FIPS 180-4, section 6.2). */
export class Sha256Hash extends BlockHash {
  readonly #schedule = new Int32Array(64)

  constructor() {
    super(INITIAL)
  }

  protected override compress(bytes: Uint8Array, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = start; at < end; at += 64) compressBlock(this.words, this.#schedule, CONSTANTS, view, at)
  }
}

/** No private fields, constants of the module or unpacking by pattern in here: they make it three times slower in V8. */
function compressBlock(
  words: Int32Array,
  schedule: Int32Array,
  constants: Int32Array,
  block: DataView,
  at: number,
): void {
  for (let index = 0; index < 16; index++) schedule[index] = block.getInt32(at + 4 * index)
  for (let index = 16; index < 64; index++) {
    const early = schedule[index - 15] ?? 0
    const late = schedule[index - 2] ?? 0
    const small = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3)
    const large = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10)
    schedule[index] = ((schedule[index - 16] ?? 0) + small + (schedule[index - 7] ?? 0) + large) | 0
  }
  let a = words[0] ?? 0
  let b = words[1] ?? 0
  let c = words[2] ?? 0
  let d = words[3] ?? 0
  let e = words[4] ?? 0
  let f = words[5] ?? 0
  let g = words[6] ?? 0
  let h = words[7] ?? 0
  for (let index = 0; index < 64; index++) {
    const turnedE = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const turnedA = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const first = (h + turnedE + (g ^ (e & (f ^ g))) + (constants[index] ?? 0) + (schedule[index] ?? 0)) | 0
    const second = (turnedA + ((a & b) | (c & (a | b)))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  words[0] = (words[0] ?? 0) + a
  words[1] = (words[1] ?? 0) + b
  words[2] = (words[2] ?? 0) + c
  words[3] = (words[3] ?? 0) + d
  words[4] = (words[4] ?? 0) + e
  words[5] = (words[5] ?? 0) + f
  words[6] = (words[6] ?? 0) + g
  words[7] = (words[7] ?? 0) + h
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  return found
}

/** Its first 32 bits. */
function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32) | 0
}
