import { bind, compileShader, grid, storage } from './shader.ts'

const WORKGROUP = 256
/** Of 16 bytes each, so that a workgroup has several loads in flight. */
const PER_THREAD = 4

const source = /* wgsl */ `
@group(0) @binding(0) var<storage, read> input: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> output: array<vec4u>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first = (group.y * groups.x + group.x) * ${WORKGROUP * PER_THREAD}u + thread;
  for (var i = 0u; i < ${PER_THREAD}u; i++) {
    let at = first + i * ${WORKGROUP}u;
    if (at < arrayLength(&input)) { output[at] = input[at]; }
  }
}`

export interface PreparedWork {
  readonly record: (pass: GPUComputePassEncoder, repeats: number) => void
  /** For tests: what was written. */
  readonly output: GPUBuffer
  destroy(): void
}

/** Copies half of `bytes` to the other half: all of them are touched, each once. `bytes` is a multiple of 32. */
export async function copyWork(
  device: GPUDevice,
  bytes: number,
  fill?: Uint32Array<ArrayBuffer>,
): Promise<PreparedWork> {
  const { pipeline, layout } = await compileShader(device, source, 2)
  const from = storage(device, bytes / 2, fill)
  const to = storage(device, bytes / 2)
  const group = bind(device, layout, [from, to])
  const [x, y] = grid(Math.ceil(bytes / 32 / (WORKGROUP * PER_THREAD)))
  return {
    output: to,
    record: (pass, repeats) => {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      for (let count = 0; count < repeats; count++) pass.dispatchWorkgroups(x, y)
    },
    destroy: () => {
      from.destroy()
      to.destroy()
    },
  }
}
