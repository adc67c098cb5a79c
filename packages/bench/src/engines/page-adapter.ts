import type { EngineIdentity } from './bench-engine.ts'

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|warp/i

/** The adapter that a page gets when it asks for the fastest. */
export async function pageAdapter(): Promise<EngineIdentity['adapter']> {
  if (!('gpu' in navigator)) return undefined
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (!adapter) return undefined
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info
  return {
    ...{ vendor, architecture, description },
    software: isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${description}`),
    features: [...adapter.features].sort(),
  }
}
