export type Grid = readonly [number, number, number]

/** One dispatch, bound once. Its grid depends on nothing but the batch and how far into the context it is. */
export interface Step {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  /** `positions`: how many the last token of the batch sees, itself among them. */
  readonly grid: (tokens: number, positions: number) => Grid
  /**
   * Over how much each workgroup goes: columns of a matrix, or as many `positions` as there are. Steps with the same pipeline,
   * grid and reach take as long. Default 1.
   */
  readonly reach?: number | 'positions'
}

/** Encodes lists of steps into one pass; returns how many dispatches that were. */
export function encodeSteps(
  encoder: GPUCommandEncoder,
  lists: readonly (readonly Step[])[],
  tokens: number,
  positions: number,
): number {
  const pass = encoder.beginComputePass()
  let dispatches = 0
  for (const steps of lists) {
    for (const { pipeline, bindGroup, grid } of steps) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bindGroup)
      pass.dispatchWorkgroups(...grid(tokens, positions))
    }
    dispatches += steps.length
  }
  pass.end()
  return dispatches
}
