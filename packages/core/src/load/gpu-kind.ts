import { describeAdapter } from '@sampan/engine'

/** What this browser offers. `software`: a CPU that pretends to be a GPU; llama.cpp is several times faster on it. */
export type GpuKind = 'hardware' | 'software' | 'none'

export async function gpuKind(): Promise<GpuKind> {
  const adapter = await globalThis.navigator?.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null)
  if (!adapter) return 'none'
  return describeAdapter(adapter.info, adapter.features).software ? 'software' : 'hardware'
}
