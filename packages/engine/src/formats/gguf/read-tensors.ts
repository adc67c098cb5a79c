import { EngineError } from '../../errors.ts'
import type { TensorInfo } from '../checkpoint.ts'
import { blockSizes } from '../tensor-types.ts'
import { maximumDimensions, maximumTensorNameBytes } from './limits.ts'
import { readString } from './read-string.ts'
import { isTensorType, tensorTypeName } from './tensor-type-names.ts'
import type { WindowReader } from './window-reader.ts'

/** Bytes of the shortest directory entry: name length, dimension count, one dimension, type, offset. */
const leastEntryBytes = 32

/** The directory as the file has it: names are GGUF's, `start` is relative to the data section. */
export async function readTensors(reader: WindowReader, count: number): Promise<Map<string, TensorInfo>> {
  reader.expect(count * leastEntryBytes, 'tensor directory')
  const tensors = new Map<string, TensorInfo>()
  for (let index = 0; index < count; index++) {
    const tensor = await readTensor(reader)
    if (tensors.has(tensor.name)) throw damaged(reader, `the tensor ${JSON.stringify(tensor.name)} occurs twice`)
    tensors.set(tensor.name, tensor)
  }
  return tensors
}

async function readTensor(reader: WindowReader): Promise<TensorInfo> {
  const name = await readString(reader, maximumTensorNameBytes, 'a tensor name')
  await reader.need(4)
  const dimensions = reader.uint32()
  if (dimensions < 1 || dimensions > maximumDimensions)
    throw damaged(reader, `the tensor ${JSON.stringify(name)} has ${dimensions} dimensions`)
  await reader.need(dimensions * 8 + 12)
  const shape: number[] = []
  let elements = 1
  for (let index = 0; index < dimensions; index++) {
    const size = reader.count()
    elements *= size
    if (size < 1 || elements > Number.MAX_SAFE_INTEGER)
      throw damaged(reader, `the tensor ${JSON.stringify(name)} has a dimension of ${size}`)
    shape.unshift(size)
  }
  const type = tensorTypeName(reader.uint32())
  if (!isTensorType(type))
    throw new EngineError(
      'format-unsupported',
      `${reader.source.name}: the tensor ${JSON.stringify(name)} has element type ${type}. Use a file whose tensors are ${Object.keys(blockSizes).join(', ')} (for example Q4_K_M or Q8_0).`,
      { name: reader.source.name, tensor: name, type },
    )
  const block = blockSizes[type]
  const columns = shape[shape.length - 1] ?? 1
  if (columns % block.elements !== 0)
    throw damaged(
      reader,
      `the tensor ${JSON.stringify(name)} has rows of ${columns}, no multiple of the ${block.elements} of ${type}`,
    )
  return {
    name,
    type,
    shape,
    source: reader.source,
    start: reader.count(),
    byteLength: (elements / block.elements) * block.bytes,
  }
}

function damaged(reader: WindowReader, problem: string): EngineError {
  return new EngineError(
    'file-malformed',
    `${reader.source.name} is damaged: ${problem}. Download it again or use another file.`,
    { name: reader.source.name, offset: reader.position },
  )
}
