import { EngineError } from '../../errors.ts'
import type { ByteSource } from '../byte-source.ts'
import type { TensorInfo, TensorType } from '../checkpoint.ts'
import { checkExtents } from '../extents.ts'
import { isJsonObject, type JsonValue, parseJsonObject } from '../json.ts'
import { isLfsPointer, lfsPointerMessage } from '../lfs-pointer.ts'
import { blockSizes } from '../tensor-types.ts'
import { maximumDimensions, maximumHeaderBytes, maximumTensorCount, maximumTensorNameBytes } from './limits.ts'
import { recomputedTable, trainersHead } from './names.ts'

const tensorTypes: Readonly<Record<string, TensorType>> = { F32: 'F32', F16: 'F16', BF16: 'BF16' }
const metadataKey = '__metadata__'

/**
 * The directory of one safetensors file, by the names it uses; `start` is absolute.
 * Layout: a little-endian u64 header length, that many bytes of JSON, then the tensors.
 * @throws EngineError `file-malformed`, `file-truncated`, `file-limit-exceeded` or `format-unsupported`.
 */
export async function readSafetensors(source: ByteSource, signal?: AbortSignal): Promise<Map<string, TensorInfo>> {
  const lengthBytes = await source.read(0, 8, signal)
  const view = new DataView(lengthBytes.buffer, lengthBytes.byteOffset, 8)
  if (isLfsPointer(new TextDecoder('latin1').decode(lengthBytes), 8))
    throw new EngineError('file-malformed', lfsPointerMessage(source.name), { name: source.name })
  const length = view.getUint32(0, true)
  if (view.getUint32(4, true) !== 0 || length > maximumHeaderBytes)
    throw new EngineError(
      'file-limit-exceeded',
      `${source.name} declares a header of more than ${maximumHeaderBytes} bytes: this is no safetensors file (perhaps a web page or another format).`,
      { name: source.name, limit: maximumHeaderBytes },
    )
  const dataStart = 8 + length
  const header = parseJsonObject(
    decode(source, await source.read(8, dataStart, signal)),
    `the header of ${source.name}`,
  )
  const tensors = new Map<string, TensorInfo>()
  for (const [name, entry] of Object.entries(header)) {
    if (name === metadataKey || recomputedTable.test(name) || trainersHead.test(name)) continue
    if (name.length > maximumTensorNameBytes || tensors.size >= maximumTensorCount)
      throw new EngineError('file-limit-exceeded', `${source.name} has too many tensors or too long a tensor name.`, {
        name: source.name,
        limits: { maximumTensorCount, maximumTensorNameBytes },
      })
    tensors.set(name, readEntry(source, dataStart, name, entry))
  }
  checkExtents(source.name, source.size, tensors.values())
  return tensors
}

function decode(source: ByteSource, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new EngineError(
      'file-malformed',
      `The header of ${source.name} is not UTF-8. Use another copy of the file.`,
      {
        name: source.name,
      },
    )
  }
}

function readEntry(source: ByteSource, dataStart: number, name: string, entry: JsonValue): TensorInfo {
  const malformed = (problem: string) =>
    new EngineError('file-malformed', `${source.name} is damaged: the tensor ${JSON.stringify(name)} ${problem}.`, {
      name: source.name,
      tensor: name,
    })
  if (!isJsonObject(entry)) throw malformed('has no description')
  const { dtype, shape: shapeValue, data_offsets: offsets } = entry
  const type = typeof dtype === 'string' && Object.hasOwn(tensorTypes, dtype) ? tensorTypes[dtype] : undefined
  if (type === undefined)
    throw new EngineError(
      'format-unsupported',
      `${source.name}: the tensor ${JSON.stringify(name)} has element type ${JSON.stringify(dtype)}. Use safetensors in BF16, F16 or F32, or a GGUF file.`,
      { name: source.name, tensor: name, type: dtype },
    )
  const shape = numbers(shapeValue, 1)
  if (!shape || shape.length > maximumDimensions) throw malformed('has no valid shape')
  const [begin, end, ...rest] = numbers(offsets, 0) ?? []
  if (begin === undefined || end === undefined || rest.length > 0) throw malformed('has no valid data_offsets')
  const byteLength = shape.reduce((product, size) => product * size, blockSizes[type].bytes)
  if (end - begin !== byteLength)
    throw malformed(`has ${end - begin} bytes where its shape [${shape.join(', ')}] in ${type} needs ${byteLength}`)
  return { name, type, shape, source, start: dataStart + begin, byteLength }
}

function numbers(value: JsonValue | undefined, least: number): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined
  const whole = value.filter((item) => Number.isSafeInteger(item) && item >= least)
  return whole.length === value.length ? whole : undefined
}
