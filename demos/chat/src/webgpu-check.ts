import type { Strings } from './strings.ts'

export type WebGpuState =
  | { readonly kind: 'hardware' | 'software'; readonly name: string }
  | { readonly kind: 'insecure' | 'no-api' | 'no-adapter' }

/** What this browser offers the page, before anything is loaded. */
export async function checkWebGpu(): Promise<WebGpuState> {
  if (!isSecureContext) return { kind: 'insecure' }
  if (!('gpu' in navigator)) return { kind: 'no-api' }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (!adapter) return { kind: 'no-adapter' }
  // Older browsers describe an adapter only in part, or not at all.
  const {
    vendor = '',
    architecture = '',
    description = '',
    isFallbackAdapter = false,
  } = adapter.info ?? ({} satisfies Partial<GPUAdapterInfo>)
  const name = description || [vendor, architecture].filter((part) => part !== '').join(' ')
  const words = /swiftshader|llvmpipe|lavapipe|basic render|warp/i
  const software = isFallbackAdapter || words.test(`${vendor} ${architecture} ${description}`)
  return { kind: software ? 'software' : 'hardware', name }
}

export function explainWebGpu(
  kind: 'insecure' | 'no-api' | 'no-adapter',
  userAgent: string,
  strings: Strings,
): string[] {
  switch (kind) {
    case 'insecure':
      return [strings.insecure]
    case 'no-api':
      return [strings.noApi, adviceFor(userAgent, strings, true)]
    case 'no-adapter':
      return [strings.noAdapter, adviceFor(userAgent, strings, false)]
    default:
      return kind satisfies never
  }
}

function adviceFor(userAgent: string, strings: Strings, apiMissing: boolean): string {
  if (/firefox|fxios/i.test(userAgent)) return strings.adviceFirefox
  if (/chrom|crios|edg/i.test(userAgent)) return apiMissing ? strings.adviceChromiumOld : strings.adviceChromium
  return /safari/i.test(userAgent) ? strings.adviceSafari : strings.adviceOther
}
