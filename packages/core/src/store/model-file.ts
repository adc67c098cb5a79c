import { crc32c } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { ALIGNMENT } from './check-places.ts'
import { readModelIndex } from './read-model-index.ts'
import { exceeded, malformed } from './read-values.ts'
import { MAX_INDEX_BYTES } from './store-limits.ts'
import type { ModelIndex } from './store-types.ts'

/**
 * The trailer, the last 32 bytes of a stored file, little-endian: magic (8 bytes, below); u32 version, 1; u32 CRC-32C of the index; u64
 * offset of the index, a multiple of 16; u64 length of the index. The index ends where the trailer begins.
 */
export const TRAILER_BYTES = 32
/** As PNG's: bytes that text modes, 7-bit lines and C strings would change. */
const MAGIC = [0x89, 0x53, 0x61, 0x6d, 0x70, 0x61, 0x6e, 0x0a] as const
const VERSION = 1

export interface Trailer {
  readonly crc: number
  readonly offset: number
  readonly length: number
}

/** The index and the trailer, to be put at `offset`, the end of all else. */
export function writeIndex(index: ModelIndex, offset: number): Uint8Array<ArrayBuffer> {
  if (offset % ALIGNMENT !== 0) throw new Error('the index begins at a multiple of 16')
  const json = new TextEncoder().encode(JSON.stringify(index))
  if (json.length > MAX_INDEX_BYTES) throw exceeded(`an index of ${json.length} bytes`)
  const bytes = new Uint8Array(json.length + TRAILER_BYTES)
  bytes.set(json)
  bytes.set(MAGIC, json.length)
  const view = new DataView(bytes.buffer, json.length + MAGIC.length)
  view.setUint32(0, VERSION, true)
  view.setUint32(4, crc32c(json), true)
  view.setBigUint64(8, BigInt(offset), true)
  view.setBigUint64(16, BigInt(json.length), true)
  return bytes
}

/** Undefined where `bytes` are not the last 32 of a stored file of `size` bytes that is whole. */
export function readTrailer(bytes: Uint8Array<ArrayBuffer>, size: number): Trailer | undefined {
  if (bytes.length !== TRAILER_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + MAGIC.length)
  const [offset, length] = [Number(view.getBigUint64(8, true)), Number(view.getBigUint64(16, true))]
  if (view.getUint32(0, true) !== VERSION || offset % ALIGNMENT !== 0) return undefined
  if (offset > size || length > size || offset + length + TRAILER_BYTES !== size) return undefined
  return { crc: view.getUint32(4, true), offset, length }
}

/** Whether a file ends as one of `cache.export` does. */
export async function isModelFile(file: Blob): Promise<boolean> {
  const last = new Uint8Array(await file.slice(Math.max(0, file.size - TRAILER_BYTES)).arrayBuffer())
  return readTrailer(last, file.size) !== undefined
}

/**
 * What a file of `cache.export` says of itself.
 * @throws SampanError `file-malformed`, `file-truncated`, `file-limit-exceeded`
 */
export async function readIndex(file: Blob): Promise<ModelIndex> {
  return (await readStoredFile(file)).index
}

/** As `readIndex`, with the place of the index, which is where all else ends. */
export async function readStoredFile(file: Blob): Promise<{ readonly index: ModelIndex; readonly trailer: Trailer }> {
  const read = async (start: number, end: number): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await file.slice(start, end).arrayBuffer())
  return readStored(file.size, read)
}

/** As `readStoredFile`, of what can be read in ranges. */
export async function readStored(
  size: number,
  read: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<{ readonly index: ModelIndex; readonly trailer: Trailer }> {
  const trailer = size < TRAILER_BYTES ? undefined : readTrailer(await read(size - TRAILER_BYTES, size), size)
  if (!trailer)
    throw new SampanError(
      'file-truncated',
      'This does not end as a stored model does: it is something else, or it was cut. Export it again, whole.',
      { size },
    )
  if (trailer.length > MAX_INDEX_BYTES) throw exceeded(`an index of ${trailer.length} bytes`)
  const bytes = await read(trailer.offset, trailer.offset + trailer.length)
  if (crc32c(bytes) !== trailer.crc) throw malformed('its index is damaged')
  return { index: readModelIndex(bytes, trailer.offset), trailer }
}
