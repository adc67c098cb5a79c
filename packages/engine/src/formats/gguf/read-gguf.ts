import { EngineError } from '../../errors.ts'
import type { ByteSource } from '../byte-source.ts'
import type { MetadataValue, TensorInfo } from '../checkpoint.ts'
import { checkExtents } from '../extents.ts'
import {
  maximumAlignment,
  maximumHeaderBytes,
  maximumKeyBytes,
  maximumMetadataCount,
  maximumTensorCount,
} from './limits.ts'
import { readString } from './read-string.ts'
import { readTensors } from './read-tensors.ts'
import { fullElementBudget, readValue } from './read-value.ts'
import { WindowReader } from './window-reader.ts'

const magic = 0x4655_4747
const defaultAlignment = 32
/** Key length, value type and a value of one byte. */
const leastMetadataBytes = 13

/** A GGUF file as it is written: its own names, nothing interpreted but the layout. */
export interface GgufFile {
  readonly version: number
  readonly metadata: ReadonlyMap<string, MetadataValue>
  /** By GGUF's name; `start` is absolute. */
  readonly tensors: ReadonlyMap<string, TensorInfo>
}

/** What the parts of one model may still take of the limits of one file. */
export interface HeaderBudget {
  bytes: number
  tensors: number
}

export const fullHeaderBudget = (): HeaderBudget => ({ bytes: maximumHeaderBytes, tensors: maximumTensorCount })

/**
 * Reads the header of a GGUF file (version 2 or 3, little endian) and no weights.
 * Layout: the GGUF specification in ggml's `docs/gguf.md`.
 * @param parts where the file may be one of several: what it takes is taken from that
 * @throws EngineError `file-malformed`, `file-truncated`, `file-limit-exceeded` or `format-unsupported`.
 */
export async function readGguf(source: ByteSource, signal?: AbortSignal, parts?: HeaderBudget): Promise<GgufFile> {
  const reader = new WindowReader(source, signal, parts?.bytes)
  const version = await readVersion(reader)
  await reader.need(16)
  const tensorCount = reader.count()
  const metadataCount = reader.count()
  checkCount(source, 'tensors', tensorCount, parts?.tensors ?? maximumTensorCount)
  checkCount(source, 'metadata entries', metadataCount, maximumMetadataCount)
  const metadata = await readMetadata(reader, metadataCount)
  const alignment = alignmentOf(source, metadata)
  if (!parts) refuseSplit(source, metadata)
  const relative = await readTensors(reader, tensorCount)
  const dataStart = Math.ceil(reader.position / alignment) * alignment
  const tensors = new Map<string, TensorInfo>()
  for (const tensor of relative.values()) {
    const start = dataStart + tensor.start
    if (tensor.start % alignment !== 0 || !Number.isSafeInteger(start + tensor.byteLength))
      throw malformed(
        source,
        `the tensor ${JSON.stringify(tensor.name)} has the unaligned or absurd offset ${tensor.start}`,
      )
    tensors.set(tensor.name, { ...tensor, start })
  }
  checkExtents(source.name, source.size, tensors.values())
  if (parts) {
    parts.bytes -= reader.position
    parts.tensors -= tensorCount
  }
  return { version, metadata, tensors }
}

async function readVersion(reader: WindowReader): Promise<number> {
  const { source } = reader
  await reader.need(8)
  if (reader.uint32() !== magic)
    throw malformed(
      source,
      'it does not begin with "GGUF", so it is no GGUF file (perhaps a web page or a pointer to one)',
    )
  const version = reader.uint32()
  if (version === 2 || version === 3) return version
  const reason =
    (version & 0xffff) === 0 && version !== 0
      ? 'it is written for big-endian machines'
      : `it has GGUF version ${version}`
  throw new EngineError(
    'format-unsupported',
    `${source.name} cannot be read: ${reason}. Use a little-endian GGUF file of version 2 or 3.`,
    { name: source.name, version },
  )
}

async function readMetadata(reader: WindowReader, count: number): Promise<Map<string, MetadataValue>> {
  reader.expect(count * leastMetadataBytes, 'metadata')
  const metadata = new Map<string, MetadataValue>()
  const budget = fullElementBudget()
  for (let index = 0; index < count; index++) {
    const key = await readString(reader, maximumKeyBytes, 'a metadata key')
    if (metadata.has(key)) throw malformed(reader.source, `the metadata key ${JSON.stringify(key)} occurs twice`)
    metadata.set(key, await readValue(reader, key, budget))
  }
  return metadata
}

function alignmentOf(source: ByteSource, metadata: ReadonlyMap<string, MetadataValue>): number {
  const alignment = metadata.get('general.alignment') ?? defaultAlignment
  if (
    typeof alignment === 'number' &&
    alignment >= 1 &&
    alignment <= maximumAlignment &&
    Number.isInteger(Math.log2(alignment))
  )
    return alignment
  throw malformed(source, `its alignment ${String(alignment)} is not a power of two up to ${maximumAlignment}`)
}

function refuseSplit(source: ByteSource, metadata: ReadonlyMap<string, MetadataValue>): void {
  const parts = metadata.get('split.count')
  if (typeof parts === 'number' && parts > 1)
    throw new EngineError(
      'format-unsupported',
      `${source.name} is one of ${parts} parts of a split GGUF: give all of them together.`,
      { name: source.name, parts },
    )
}

function checkCount(source: ByteSource, what: string, count: number, limit: number): void {
  if (count > limit)
    throw new EngineError(
      'file-limit-exceeded',
      `${source.name} declares ${count} ${what}, more than the ${limit} allowed: the file is damaged or no model file.`,
      { name: source.name, count, limit },
    )
}

function malformed(source: ByteSource, problem: string): EngineError {
  return new EngineError(
    'file-malformed',
    `${source.name} cannot be read: ${problem}. Download it again or use another file.`,
    {
      name: source.name,
    },
  )
}
