import type { Checkpoint } from '../formats/checkpoint.ts'
import type { LoraAdapter, LoraOutline, LoraTargetOutline } from '../formats/lora/lora-adapter.ts'
import { describeModel } from '../models/registry.ts'
import { planLora } from './lora-plan.ts'

/** Without where its numbers are. */
export function outlineLora({ name, baseModel, architecture, targets }: LoraAdapter): LoraOutline {
  const outlined = [...targets].map(([key, { name, rank, scale, a, b }]): readonly [string, LoraTargetOutline] => [
    key,
    { name, rank, scale, a: { shape: [...a.shape], type: a.type }, b: { shape: [...b.shape], type: b.type } },
  ])
  return { name, baseModel, architecture, targets: new Map(outlined) }
}

/**
 * Whether adapters were made for such a model, by headers alone: what `useAdapters` would find once all has been loaded.
 * @throws EngineError `adapter-mismatch`; as `describeModel`
 */
export function checkLora(checkpoint: Checkpoint, adapters: readonly LoraOutline[]): void {
  if (adapters.length === 0) return
  const model = describeModel(checkpoint)
  for (const adapter of adapters) planLora(adapter, model)
}
