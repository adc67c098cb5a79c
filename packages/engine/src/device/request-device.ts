import { EngineError } from '../errors.ts'
import { describeAdapter } from './describe-adapter.ts'
import { Gpu } from './gpu.ts'

/** Limits worth having more of than WebGPU's defaults; the engine runs within the defaults when they are all there is. */
const wantedLimits = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeWorkgroupStorageSize'] as const
const wantedFeatures: readonly GPUFeatureName[] = ['shader-f16', 'subgroups']

/**
 * Asks `navigator.gpu` for the fastest adapter and a device with its best limits.
 * @throws EngineError `webgpu-unavailable` with what to do about it.
 */
export async function requestGpu(): Promise<Gpu> {
  const gpu = globalThis.navigator?.gpu
  if (!gpu) {
    const insecure = 'isSecureContext' in globalThis && !globalThis.isSecureContext
    throw new EngineError(
      'webgpu-unavailable',
      insecure
        ? 'WebGPU needs a secure page: open it over https:// or on localhost.'
        : 'This browser has no WebGPU. Use Chrome or Edge 113+, Safari 26+ or Firefox 141+, or enable WebGPU in its settings.',
      { reason: insecure ? 'insecure-context' : 'no-api' },
    )
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) {
    throw new EngineError(
      'webgpu-unavailable',
      'This browser has WebGPU but offers no GPU adapter. Turn on hardware acceleration, update the graphics driver, or check chrome://gpu.',
      { reason: 'no-adapter' },
    )
  }
  const requiredFeatures = wantedFeatures.filter((feature) => adapter.features.has(feature))
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]]))
  try {
    const device = await adapter.requestDevice({ requiredFeatures, requiredLimits })
    return new Gpu(device, describeAdapter(adapter.info, device.features))
  } catch (cause) {
    throw new EngineError(
      'webgpu-unavailable',
      'The GPU adapter gave no device. Reload the page or restart the browser.',
      { reason: 'no-device' },
      cause,
    )
  }
}

/** Wraps a device that the caller made. */
export function adoptDevice(device: GPUDevice): Gpu {
  return new Gpu(device, describeAdapter(device.adapterInfo, device.features))
}
