import { bufferUsage, computeStage } from './gpu-flags.ts'

/** A compute pipeline of `source` with explicit bindings: 0 … n − 1, the last one written. @throws Error with the compiler's words */
export async function compileShader(
  device: GPUDevice,
  source: string,
  bindings: number,
): Promise<{ readonly pipeline: GPUComputePipeline; readonly layout: GPUBindGroupLayout }> {
  const layout = device.createBindGroupLayout({
    entries: Array.from({ length: bindings }, (_, binding) => ({
      binding,
      visibility: computeStage,
      buffer: { type: binding === bindings - 1 ? ('storage' as const) : ('read-only-storage' as const) },
    })),
  })
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ code: source }), entryPoint: 'main' },
  })
  return { pipeline, layout }
}

export function bind(device: GPUDevice, layout: GPUBindGroupLayout, buffers: readonly GPUBuffer[]): GPUBindGroup {
  return device.createBindGroup({
    layout,
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
}

/** Zeros; `fill` writes something else. */
export function storage(device: GPUDevice, bytes: number, fill?: Uint32Array<ArrayBuffer>): GPUBuffer {
  const usage = bufferUsage.storage | bufferUsage.copyDestination | bufferUsage.copySource
  const buffer = device.createBuffer({ size: bytes, usage })
  if (fill) device.queue.writeBuffer(buffer, 0, fill)
  return buffer
}

/** Workgroups of a dispatch in two dimensions, since one holds 65,535 at most. */
export function grid(workgroups: number): readonly [x: number, y: number] {
  const most = 32_768
  return workgroups <= most ? [workgroups, 1] : [most, Math.ceil(workgroups / most)]
}
