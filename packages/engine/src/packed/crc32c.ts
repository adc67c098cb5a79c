/** CRC-32C's polynomial (RFC 3720), its bits in reverse. */
const polynomial = 0x82f63b78

/**
 * With y = x³², y^5275 + y^4508 + y^2751 + 1 is a multiple of the polynomial, the first of four terms (there is none of three): a
 * word may be struck out when it is added to the words 767, 2524 and 5275 further on, which no table is needed for. After "Chorba: A
 * novel CRC32 implementation" (Russell, 2024), with exponents that suit whole words.
 */
const near = 5275 - 4508
const middle = 5275 - 2751
const far = 5275

/** Words that are folded at a time: they stay in the nearer caches. */
const chunkWords = 16_384
/** Below this, folding leaves nearly as much as it takes away. */
const fewestFoldedWords = 4 * far

interface Memory {
  /** Of each byte, then the same with one to seven bytes after it. */
  readonly tables: Int32Array<ArrayBuffer>
  /** What is folded, after the `far` words before it. */
  readonly room: Int32Array<ArrayBuffer>
}

/** Made on first use. */
let memory: Memory | undefined

/**
 * CRC-32C (Castagnoli), unsigned.
 * @param crc of the bytes before these: `crc32c(b, crc32c(a))` is that of both
 */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  memory ??= { tables: makeTables(), room: new Int32Array(far + chunkWords) }
  const { tables } = memory
  let state = ~crc
  let at = 0
  const aligned = Math.min((4 - (bytes.byteOffset & 3)) & 3, bytes.length)
  while (at < aligned) state = byByte(tables, state, bytes[at++] ?? 0)
  if (bytes.length - at >= 4) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (bytes.length - at) >>> 2)
    state = words.length < fewestFoldedWords ? byTables(tables, state, words) : byFolding(memory, state, words)
    at += 4 * words.length
  }
  while (at < bytes.length) state = byByte(tables, state, bytes[at++] ?? 0)
  return ~state >>> 0
}

function byByte(table: Int32Array, state: number, byte: number): number {
  return (table[(state ^ byte) & 255] ?? 0) ^ (state >>> 8)
}

/** Two words a step. */
function byTables(table: Int32Array, start: number, words: Int32Array): number {
  const count = words.length
  let state = start
  let at = 0
  for (; at + 1 < count; at += 2) {
    const a = state ^ (words[at] ?? 0)
    const b = words[at + 1] ?? 0
    state =
      (table[1792 + (a & 255)] ?? 0) ^
      (table[1536 + ((a >>> 8) & 255)] ?? 0) ^
      (table[1280 + ((a >>> 16) & 255)] ?? 0) ^
      (table[1024 + (a >>> 24)] ?? 0) ^
      (table[768 + (b & 255)] ?? 0) ^
      (table[512 + ((b >>> 8) & 255)] ?? 0) ^
      (table[256 + ((b >>> 16) & 255)] ?? 0) ^
      (table[b >>> 24] ?? 0)
  }
  if (at < count) {
    const a = state ^ (words[at] ?? 0)
    state =
      (table[768 + (a & 255)] ?? 0) ^
      (table[512 + ((a >>> 8) & 255)] ?? 0) ^
      (table[256 + ((a >>> 16) & 255)] ?? 0) ^
      (table[a >>> 24] ?? 0)
  }
  return state
}

/** Strikes out all but the last `far` words, which then have the same remainder. */
function byFolding({ tables, room }: Memory, start: number, words: Int32Array): number {
  const border = words.length - far
  room.fill(0, 0, far)
  for (let first = 0; first < border; first += chunkWords) {
    const count = Math.min(chunkWords, border - first)
    foldChunk(room, words, first, count, first === 0 ? start : 0)
    room.copyWithin(0, count, count + far)
  }
  // Of the words that stay, none is added to another.
  const rest = room.subarray(far, 2 * far)
  for (let i = 0; i < far; i++)
    rest[i] =
      (words[border + i] ?? 0) ^
      (i < near ? (room[far + i - near] ?? 0) : 0) ^
      (i < middle ? (room[far + i - middle] ?? 0) : 0) ^
      (room[i] ?? 0)
  return byTables(tables, 0, rest)
}

function foldChunk(room: Int32Array, words: Int32Array, first: number, count: number, start: number): void {
  const word = (i: number): number =>
    (words[first + i] ?? 0) ^ (room[far + i - near] ?? 0) ^ (room[far + i - middle] ?? 0) ^ (room[i] ?? 0)
  room[far] = word(0) ^ start
  for (let i = 1; i < count; i++) room[far + i] = word(i)
}

function makeTables(): Int32Array<ArrayBuffer> {
  const table = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let state = byte
    for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (state & 1 ? polynomial : 0)
    table[byte] = state
  }
  for (let at = 256; at < table.length; at++) {
    const before = table[at - 256] ?? 0
    table[at] = (table[before & 255] ?? 0) ^ (before >>> 8)
  }
  return table
}
