import type { ByteSource } from '../formats/byte-source.ts'
import { bytesSource } from '../formats/bytes-source.ts'
import type { Checkpoint, ModelConfig, TensorInfo, TensorType } from '../formats/checkpoint.ts'
import { randomBlocks } from '../weights/random-blocks.ts'
import type { PackedTensor, PackOptions } from './packed-types.ts'

/** More than what is read over, so that every tensor is a read of its own. */
const gapBytes = 70_000

const smallConfig: ModelConfig = {
  architecture: 'llama',
  hiddenSize: 256,
  layerCount: 1,
  headCount: 4,
  keyValueHeadCount: 2,
  headSize: 64,
  feedForwardSize: 256,
  vocabularySize: 40,
  contextLength: 64,
  normEpsilon: 1e-6,
  ropeBase: 10_000,
  ropeScaling: { kind: 'none' },
  tiedEmbeddings: false,
}

export interface SmallCheckpoint {
  readonly checkpoint: Checkpoint
  readonly files: readonly TestFile[]
}

/** A file that notes what is read of it. */
export interface TestFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly source: ByteSource
  readonly reads: [number, number][]
}

/**
 * A llama of one layer whose matrices are of `type`, its query and key rows in llama.cpp's order, in two files.
 * @param edit changes a tensor's bytes before they are laid down
 */
export function smallCheckpoint(
  type: TensorType,
  edit: (name: string, bytes: DataView) => void = () => {},
  vocabularySize: number = smallConfig.vocabularySize,
): SmallCheckpoint {
  const config = { ...smallConfig, vocabularySize }
  const { hiddenSize, feedForwardSize, headSize } = config
  const keys = config.keyValueHeadCount * headSize
  const layer = 'layers.0'
  const shapes: readonly (readonly [string, TensorType, readonly number[], number?])[] = [
    ['embed_tokens.weight', type, [vocabularySize, hiddenSize]],
    [`${layer}.input_layernorm.weight`, 'F32', [hiddenSize]],
    [`${layer}.self_attn.q_proj.weight`, type, [hiddenSize, hiddenSize], headSize],
    [`${layer}.self_attn.k_proj.weight`, type, [keys, hiddenSize], headSize],
    [`${layer}.self_attn.v_proj.weight`, 'Q8_0', [keys, hiddenSize]],
    [`${layer}.self_attn.o_proj.weight`, type, [hiddenSize, hiddenSize]],
    [`${layer}.post_attention_layernorm.weight`, 'F16', [hiddenSize]],
    [`${layer}.mlp.gate_proj.weight`, type, [feedForwardSize, hiddenSize]],
    [`${layer}.mlp.up_proj.weight`, type, [feedForwardSize, hiddenSize]],
    [`${layer}.mlp.down_proj.weight`, type, [hiddenSize, feedForwardSize]],
    ['norm.weight', 'BF16', [hiddenSize]],
    ['lm_head.weight', type, [vocabularySize, hiddenSize]],
  ]
  const parts: Uint8Array[][] = [[], []]
  const placed = shapes.map(([name, own, shape, head], index) => {
    const [rows = 0, columns = 1] = shape
    const bytes = randomBlocks(own, rows, columns, index + 1)
    edit(name, new DataView(bytes.buffer))
    const file = index < 6 ? 0 : 1
    const before = parts[file] ?? []
    const start = before.reduce((sum, part) => sum + part.length, 0) + gapBytes
    before.push(new Uint8Array(gapBytes), bytes)
    return { file, info: { name, type: own, shape, start, byteLength: bytes.length }, head }
  })
  const files = parts.map((pieces, index) => testFile(joined(pieces), `part${index}`))
  const tensors = new Map<string, TensorInfo>()
  for (const { file, info, head } of placed) {
    const source = files[file]?.source
    if (!source) throw new Error('no file')
    tensors.set(info.name, { ...info, source, ...(head === undefined ? {} : { interleavedRopeHeadSize: head }) })
  }
  return { checkpoint: { format: 'gguf', config, tensors, metadata: new Map() }, files }
}

export function testFile(bytes: Uint8Array<ArrayBuffer>, name: string): TestFile {
  const inner = bytesSource(bytes, name)
  const reads: [number, number][] = []
  const source: ByteSource = {
    ...inner,
    read: (start, end, signal) => {
      reads.push([start, end])
      return inner.read(start, end, signal)
    },
  }
  return { bytes, source, reads }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A packed file in memory. Like a disk it keeps no array that it is given, and takes its time. */
export class MemoryFile {
  #parts: Uint8Array<ArrayBuffer>[] = []
  length = 0

  readonly append: PackOptions['append'] = async (bytes) => {
    const copy = bytes.slice()
    await Promise.resolve()
    const offset = this.length
    this.#parts.push(copy)
    this.length += copy.length
    return offset
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return joined(this.#parts)
  }

  cut(length: number): void {
    this.#parts = [this.bytes.slice(0, length)]
    this.length = length
  }
}

/** A directory as it comes back from a store. */
export const stored = (tensors: readonly PackedTensor[]): readonly PackedTensor[] => JSON.parse(JSON.stringify(tensors))

/** Where two arrays differ first, or −1: `toEqual` is slow for so many numbers. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i++) if (!Object.is(a[i], b[i])) return i
  return -1
}
