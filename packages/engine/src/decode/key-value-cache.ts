import { type BufferLimits, largestBinding } from '../device/buffer-size.ts'
import type { Gpu } from '../device/gpu.ts'
import type { ModelConfig } from '../formats/checkpoint.ts'
import { ropeTable } from '../kernels/rope/rope-table.ts'

const firstCapacity = 256
/** Bytes of replaced buffers that may wait to be freed. */
const unfreedBytes = 32 * 1024 * 1024
/** Rows of the rope table that are computed at a time. */
const tablePositions = 4096

export interface LayerCache {
  readonly key: GPUBuffer
  readonly value: GPUBuffer
}

/**
 * Keys and values of the tokens seen so far, per layer `[position][kv head][head size]`, with what else grows with the
 * context: the rope table and the buffer for attention's parts. Doubles when full, one layer after the other.
 */
export class KeyValueCache {
  readonly #gpu: Gpu
  readonly #config: ModelConfig
  readonly #limit: number
  /** Of one key or one value; a multiple of 4. */
  readonly rowBytes: number
  readonly #partWords: (positions: number) => number
  readonly #layers: LayerCache[] = []
  #table: GPUBuffer | undefined
  #parts: GPUBuffer | undefined
  #capacity = 0

  /** `limit`: most positions; `partWords`: f32 words that attention's parts take for so many positions. */
  constructor(
    gpu: Gpu,
    config: ModelConfig,
    type: 'f16' | 'f32',
    limit: number,
    partWords: (positions: number) => number,
  ) {
    this.#gpu = gpu
    this.#config = config
    this.#limit = limit
    this.rowBytes = keyValueRowBytes(config, type)
    this.#partWords = partWords
  }

  get capacity(): number {
    return this.#capacity
  }

  /** Keys and values of all layers. */
  get tokenBytes(): number {
    return 2 * this.#config.layerCount * this.rowBytes
  }

  get layers(): readonly LayerCache[] {
    return this.#layers
  }

  get table(): GPUBuffer {
    if (!this.#table) throw new Error('the cache holds nothing yet')
    return this.#table
  }

  get parts(): GPUBuffer {
    if (!this.#parts) throw new Error('the cache holds nothing yet')
    return this.#parts
  }

  /** Makes room for `positions`, keeping what is there. Returns whether buffers changed, so that bind groups must. */
  async reserve(positions: number): Promise<boolean> {
    if (positions <= this.#capacity) return false
    const capacity = capacityFor(positions, this.#capacity, this.#limit)
    const table = this.#growTable(capacity)
    const parts = this.#gpu.storage('keyValue', 'attention parts', this.#partWords(capacity))
    if (this.#parts) this.#gpu.ledger.release(this.#parts)
    this.#parts = parts
    this.#table = table
    await this.#growLayers(capacity)
    this.#capacity = capacity
    return true
  }

  /** Old buffers live until the GPU has copied them: waiting now and then keeps the peak near the new size. */
  async #growLayers(capacity: number): Promise<void> {
    let unfreed = 0
    for (let index = 0; index < this.#config.layerCount; index += 1) {
      const old = this.#layers[index]
      const key = this.#grow(`layers.${index}.key`, old?.key, Math.ceil((capacity * this.rowBytes) / 4))
      const value = this.#grow(`layers.${index}.value`, old?.value, Math.ceil((capacity * this.rowBytes) / 4))
      this.#layers[index] = { key, value }
      unfreed += old ? old.key.size + old.value.size : 0
      if (unfreed < unfreedBytes) continue
      await this.#gpu.idle()
      unfreed = 0
    }
  }

  #growTable(capacity: number): GPUBuffer {
    const { ropeBase, headSize, ropeScaling } = this.#config
    const table = this.#grow('rope table', this.#table, capacity * headSize)
    for (let first = this.#capacity; first < capacity; first += tablePositions) {
      const count = Math.min(tablePositions, capacity - first)
      this.#gpu.write(table, first * headSize * 4, ropeTable(ropeBase, headSize, ropeScaling, first, count))
    }
    return table
  }

  #grow(label: string, old: GPUBuffer | undefined, words: number): GPUBuffer {
    const buffer = this.#gpu.storage('keyValue', label, words)
    if (!old) return buffer
    const encoder = this.#gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(old, 0, buffer, 0, Math.min(old.size, buffer.size))
    this.#gpu.submit(encoder, 0)
    this.#gpu.ledger.release(old)
    return buffer
  }
}

/** Of one key or one value; a multiple of 4. */
export function keyValueRowBytes({ keyValueHeadCount, headSize }: ModelConfig, type: 'f16' | 'f32'): number {
  return keyValueHeadCount * headSize * (type === 'f16' ? 2 : 4)
}

/** Positions that a cache has room for when `positions` are asked of one that has `capacity`. */
export function capacityFor(positions: number, capacity: number, limit: number): number {
  let next = Math.max(firstCapacity, capacity)
  while (next < positions) next *= 2
  return Math.min(next, limit)
}

/** Most positions whose keys, rope table and attention parts each fit one binding of this device. */
export function mostPositions(
  { limits }: { readonly limits: BufferLimits },
  config: ModelConfig,
  type: 'f16' | 'f32',
  partWords: (positions: number) => number,
): number {
  const rowBytes = keyValueRowBytes(config, type)
  const sample = 65_536
  const partBytes = (4 * partWords(sample)) / sample
  return Math.floor(largestBinding(limits) / Math.max(rowBytes, 4 * config.headSize, partBytes))
}
