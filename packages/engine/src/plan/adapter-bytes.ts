import type { Route } from '../decode/route.ts'
import { storageBytes } from '../device/buffer-size.ts'
import type { LoraOutline } from '../formats/lora/lora-adapter.ts'
import { layoutFactors } from '../lora/factor-layout.ts'
import { planLora } from '../lora/lora-plan.ts'
import type { DecoderModel } from '../models/decoder.ts'

/** As the kernels' uniforms have them: one for A, with and without the norm, and one for B. */
const uniformBytes = 2 * 32 + 112

export interface AdapterBytes {
  readonly weights: number
  readonly activations: number
  readonly state: number
  readonly largestBuffer: number
}

/**
 * What `uploadLora` allocates for an adapter, and what its dispatches are told by.
 * @throws EngineError `adapter-mismatch`
 */
export function adapterBytes(adapter: LoraOutline, model: DecoderModel, { batchTokens }: Route): AdapterBytes {
  const { type, layers } = planLora(adapter, model)
  const layouts = layers.flatMap((groups) =>
    [...groups].map(([name, group]) => ({ name, ...layoutFactors(type, group) })),
  )
  const factors = layouts.map(({ words }) => storageBytes(words))
  const low = Math.max(0, ...layouts.map(({ shape }) => 4 * shape.rowChunks))
  // Those of equal content are one: layers are alike.
  const uniforms = new Set(layouts.map(({ name, shape }) => JSON.stringify([name, shape])))
  return {
    weights: factors.reduce((sum, bytes) => sum + bytes, 0),
    activations: storageBytes(low) + storageBytes(batchTokens * low),
    state: uniforms.size * uniformBytes,
    largestBuffer: Math.max(0, ...factors),
  }
}
