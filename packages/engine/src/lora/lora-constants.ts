import type { Gpu } from '../device/gpu.ts'

/** Strengths of an adapter that cost nothing to come back to. */
const keptStrengths = 4

/** The small buffers of an adapter that hold its strength. Sliders give a new one each moment, so that those of old strengths are freed. */
export class LoraConstants {
  readonly #gpu: Gpu
  /** By strength, the one that was of use last at the end, and content. */
  readonly #kept = new Map<number, Map<string, GPUBuffer>>()

  constructor(gpu: Gpu) {
    this.#gpu = gpu
  }

  buffer(strength: number, words: Uint32Array<ArrayBuffer>): GPUBuffer {
    const ofStrength = this.#latest(strength)
    const content = words.join()
    const buffer = ofStrength.get(content) ?? this.#gpu.constant('lora up', words)
    ofStrength.set(content, buffer)
    return buffer
  }

  /** Frees what is of no use any more, now that the plan in use is of this strength. */
  trim(strength: number): void {
    this.#latest(strength)
    this.#free(keptStrengths)
  }

  free(): void {
    this.#free(0)
  }

  #latest(strength: number): Map<string, GPUBuffer> {
    const buffers = this.#kept.get(strength) ?? new Map<string, GPUBuffer>()
    this.#kept.delete(strength)
    this.#kept.set(strength, buffers)
    return buffers
  }

  #free(most: number): void {
    for (const [strength, buffers] of [...this.#kept].slice(0, Math.max(0, this.#kept.size - most))) {
      for (const buffer of buffers.values()) this.#gpu.ledger.release(buffer)
      this.#kept.delete(strength)
    }
  }
}
