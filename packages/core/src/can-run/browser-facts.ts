import { describeAdapter, type GpuTraits } from '@sampan/engine'
import type { GpuKind } from '../load/gpu-kind.ts'

/** What this browser offers to compute on. */
export interface GpuFacts {
  readonly kind: GpuKind
  /** Absent where there is no adapter. */
  readonly traits?: GpuTraits
}

/** Asks for an adapter as the engine does, and for no device. */
export async function gpuFacts(): Promise<GpuFacts> {
  const adapter = await globalThis.navigator?.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null)
  if (!adapter) return { kind: 'none' }
  const { software, features } = describeAdapter(adapter.info, adapter.features)
  return { kind: software ? 'software' : 'hardware', traits: { limits: adapter.limits, features, software } }
}

/** A page that may have WebGPU. Where nobody tells, it is not for want of that. */
export function isSecure(): boolean {
  return globalThis.isSecureContext !== false
}

/** False only where the browser is sure that there is no connection, and `url` is not on this machine. */
export function isReachable(url: string): boolean {
  return (
    globalThis.navigator?.onLine !== false ||
    /^(localhost|127(\.\d+){3}|\[::1\])$|\.localhost$/.test(new URL(url).hostname)
  )
}
