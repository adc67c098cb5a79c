import { padded } from '../decode/workspace.ts'
import { EngineError } from '../errors.ts'
import type { LoraOutline, LoraTarget, LoraTargetOutline } from '../formats/lora/lora-adapter.ts'
import type { FactorType } from '../kernels/lora/lora.ts'
import type { DecoderLayer, DecoderModel, Linear } from '../models/decoder.ts'

/** Matrices that read the same input and write into one buffer: their low-rank products take two dispatches together. */
export type LoraGroup = 'queryKeyValue' | 'output' | 'gateUp' | 'down'

export interface PlannedPart<Target extends LoraTargetOutline = LoraTarget> {
  readonly target: Target
  /** Column of the group's output where this matrix's begins. */
  readonly row: number
  readonly rows: number
}

export interface PlannedGroup<Target extends LoraTargetOutline = LoraTarget> {
  readonly inputs: number
  readonly parts: readonly PlannedPart<Target>[]
}

export type PlannedLayer<Target extends LoraTargetOutline = LoraTarget> = ReadonlyMap<LoraGroup, PlannedGroup<Target>>

export interface LoraPlan<Target extends LoraTargetOutline = LoraTarget> {
  /**
   * 16 bits where all of the adapter has the same 16; else f32, which holds every value of the others. Nothing is rounded here; WGSL allows
   * a device to take subnormal halves for zero when it unpacks them.
   */
  readonly type: FactorType
  readonly layers: readonly PlannedLayer<Target>[]
}

/** How many names an error tells. */
const shownNames = 3

/**
 * Finds the matrices that an adapter changes.
 * @throws EngineError `adapter-mismatch` when it was made for another architecture, names matrices that the model does not have, or
 *   has other shapes
 */
export function planLora<Target extends LoraTargetOutline>(
  adapter: LoraOutline<Target>,
  model: DecoderModel,
): LoraPlan<Target> {
  const { architecture } = model.config
  if (adapter.architecture !== undefined && adapter.architecture !== architecture)
    throw mismatch(adapter, `is for the architecture ${adapter.architecture}, and this model is ${architecture}`, {
      architecture,
      expected: adapter.architecture,
    })
  const left = new Set(adapter.targets.keys())
  const layers = model.layers.map((layer) => planLayer(adapter, layer, left))
  if (left.size > 0) {
    const names = [...left]
    throw mismatch(
      adapter,
      `changes ${names.slice(0, shownNames).join(', ')}${names.length > shownNames ? ', …' : ''}, which this model does not have or cannot change while it runs`,
      { tensors: names.slice(0, 20) },
    )
  }
  return { type: factorType(adapter), layers }
}

function planLayer<Target extends LoraTargetOutline>(
  adapter: LoraOutline<Target>,
  { attention, mlp }: DecoderLayer,
  left: Set<string>,
): PlannedLayer<Target> {
  const { query, key, value, output } = attention
  const groups: readonly (readonly [LoraGroup, readonly (readonly [Linear, number])[]])[] = [
    [
      'queryKeyValue',
      [
        [query, 0],
        [key, query.outputs],
        [value, query.outputs + key.outputs],
      ],
    ],
    ['output', [[output, 0]]],
    [
      'gateUp',
      [
        [mlp.gate, 0],
        // Not interleaved: with an adapter the gate and up projections are stored apart before their product is made.
        [mlp.up, padded(mlp.gate.outputs)],
      ],
    ],
    ['down', [[mlp.down, 0]]],
  ]
  const planned = new Map<LoraGroup, PlannedGroup<Target>>()
  for (const [group, linears] of groups) {
    const parts = linears.flatMap(([linear, row]) => {
      const target = adapter.targets.get(linear.weight)
      if (!target) return []
      left.delete(linear.weight)
      checkShape(adapter, target, linear)
      return [{ target, row, rows: linear.outputs }]
    })
    const inputs = linears[0]?.[0].inputs
    if (parts.length > 0 && inputs !== undefined) planned.set(group, { inputs, parts })
  }
  return planned
}

function checkShape(adapter: LoraOutline, { name, rank, a, b }: LoraTargetOutline, { outputs, inputs }: Linear): void {
  if (a.shape[1] === inputs && b.shape[0] === outputs) return
  throw mismatch(
    adapter,
    `changes ${name} by [${b.shape.join(', ')}] · [${a.shape.join(', ')}], but this model has it as [${outputs}, ${inputs}]`,
    { tensor: name, rank, a: [...a.shape], b: [...b.shape], expected: [outputs, inputs] },
  )
}

function factorType({ targets }: LoraOutline): FactorType {
  const types = new Set([...targets.values()].flatMap(({ a, b }) => [a.type, b.type]))
  const [only] = types
  if (types.size > 1) return 'f32'
  return only === 'F16' ? 'f16' : only === 'BF16' ? 'bf16' : 'f32'
}

function mismatch(adapter: LoraOutline, problem: string, details: Record<string, unknown>): EngineError {
  const made = adapter.baseModel === undefined ? '' : ` It was made for ${adapter.baseModel}.`
  return new EngineError(
    'adapter-mismatch',
    `The adapter ${adapter.name} does not fit this model: it ${problem}.${made} Load it with the model that it was trained on.`,
    { adapter: adapter.name, baseModel: adapter.baseModel ?? null, ...details },
  )
}
