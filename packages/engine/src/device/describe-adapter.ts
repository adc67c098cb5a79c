import type { AdapterDescription } from '../engine-types.ts'

/**
 * What an adapter says of itself, and whether it is a CPU that pretends to be a GPU.
 * @param info older browsers have only parts of one for an adapter, and none for a device
 * @param features of the adapter or the device; sorted in the result
 */
export function describeAdapter(
  info: Partial<GPUAdapterInfo> | undefined,
  features: Iterable<string>,
): AdapterDescription {
  const { vendor = '', architecture = '', device: name = '', description = '', isFallbackAdapter = false } = info ?? {}
  const text = `${vendor} ${architecture} ${name} ${description}`
  return {
    vendor,
    architecture,
    description: description || name || `${vendor} ${architecture}`.trim(),
    software: isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render|warp/i.test(text),
    features: [...features].sort(),
  }
}
