import type { Gpu } from '../device/gpu.ts'
import type { ModelConfig } from '../formats/checkpoint.ts'
import { ropeTable } from '../kernels/rope/rope-table.ts'

const firstCapacity = 256

export interface LayerCache {
  readonly key: GPUBuffer
  readonly value: GPUBuffer
}

/**
 * Keys and values of the tokens seen so far, per layer `[position][kv head][head size]`, with what else grows with the
 * context: the rope table and the buffer for attention's parts. Doubles when full, one layer after the other, so that the
 * peak is one layer above the new size.
 */
export class KeyValueCache {
  readonly #gpu: Gpu
  readonly #config: ModelConfig
  readonly #limit: number
  readonly #rowBytes: number
  readonly #partWords: (positions: number) => number
  #layers: LayerCache[] = []
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
    this.#rowBytes = config.keyValueHeadCount * config.headSize * (type === 'f16' ? 2 : 4)
    this.#partWords = partWords
  }

  get capacity(): number {
    return this.#capacity
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
  reserve(positions: number): boolean {
    if (positions <= this.#capacity) return false
    let capacity = Math.max(firstCapacity, this.#capacity)
    while (capacity < positions) capacity *= 2
    capacity = Math.min(capacity, this.#limit)
    const { layerCount, ropeBase, headSize, ropeScaling } = this.#config
    this.#layers = Array.from({ length: layerCount }, (_, index) => ({
      key: this.#grow(`layers.${index}.key`, this.#layers[index]?.key, capacity),
      value: this.#grow(`layers.${index}.value`, this.#layers[index]?.value, capacity),
    }))
    if (this.#table) this.#gpu.ledger.release(this.#table)
    this.#table = this.#gpu.storage('keyValue', 'rope table', capacity * headSize)
    this.#gpu.write(this.#table, 0, ropeTable(ropeBase, headSize, ropeScaling, 0, capacity))
    if (this.#parts) this.#gpu.ledger.release(this.#parts)
    this.#parts = this.#gpu.storage('keyValue', 'attention parts', this.#partWords(capacity))
    this.#capacity = capacity
    return true
  }

  #grow(label: string, old: GPUBuffer | undefined, capacity: number): GPUBuffer {
    const buffer = this.#gpu.storage('keyValue', label, Math.ceil((capacity * this.#rowBytes) / 4))
    if (!old) return buffer
    const encoder = this.#gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(old, 0, buffer, 0, Math.min(old.size, buffer.size))
    this.#gpu.submit(encoder, 0)
    this.#gpu.ledger.release(old)
    return buffer
  }
}
