import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ModelSource } from '../backend.ts'
import { chooseBackend } from './choose-backend.ts'

const gguf: ModelSource = { kind: 'url', url: 'https://x.test/Model.GGUF?download=1' }
const mlc: ModelSource = { kind: 'mlc', id: 'x' }
const files: ModelSource = { kind: 'files', files: [] }
const hub = (repository: string, file?: string): ModelSource => ({
  kind: 'hub',
  repository,
  revision: 'main',
  ...(file !== undefined && { file }),
})

/** A browser whose `navigator.gpu` gives this adapter. */
function browser(adapter: object | null): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter && { features: new Set(), ...adapter } } })
}

afterEach(() => void vi.unstubAllGlobals())

describe('chooseBackend', () => {
  it('takes WebGPU where there is a GPU, also one that does not say what it is', async () => {
    browser({ info: { vendor: 'apple', architecture: 'metal-3', description: '', isFallbackAdapter: false } })
    expect(await chooseBackend(gguf, 'auto')).toBe('sampan')
    browser({})
    expect(await chooseBackend(gguf, 'auto')).toBe('sampan')
  })

  it.each([
    ['no adapter', null],
    ['SwiftShader', { info: { vendor: 'google', architecture: 'swiftshader', description: '' } }],
    ['llvmpipe', { info: { vendor: 'mesa', architecture: '', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' } }],
    ['WARP', { info: { vendor: 'microsoft', architecture: '', description: 'Microsoft Basic Render Driver' } }],
    ['a fallback', { info: { vendor: '', architecture: '', description: '', isFallbackAdapter: true } }],
  ])('takes the CPU for GGUF where there is %s', async (_, adapter) => {
    browser(adapter)
    expect(await chooseBackend(gguf, 'auto')).toBe('wllama')
    expect(await chooseBackend(gguf, 'sampan')).toBe('sampan')
  })

  it('takes the CPU where WebGPU is missing or breaks', async () => {
    vi.stubGlobal('navigator', {})
    expect(await chooseBackend(gguf, 'auto')).toBe('wllama')
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('lost')) } })
    expect(await chooseBackend(gguf, 'auto')).toBe('wllama')
  })

  it.each<[ModelSource, string]>([
    [{ kind: 'blob', blob: new Blob(), name: 'sha256-1' }, 'wllama'],
    [{ kind: 'url', url: 'blob:https://x.test/1' }, 'wllama'],
    [{ kind: 'url', url: 'https://x.test/pocket-1a2b', name: 'pocket' }, 'wllama'],
    [hub('org/Model-GGUF'), 'wllama'],
    [hub('org/model', 'model-q4_k_m.gguf'), 'wllama'],
    [hub('org/model'), 'sampan'],
    [{ kind: 'url', url: 'https://x.test/folder' }, 'sampan'],
    [files, 'sampan'],
    [mlc, 'web-llm'],
  ])('knows what of %o can be run without a GPU', async (source, backend) => {
    browser(null)
    expect(await chooseBackend(source, 'auto')).toBe(backend)
  })

  it('refuses a backend that does not load such a source', async () => {
    for (const [source, backend] of [
      [gguf, 'web-llm'],
      [mlc, 'sampan'],
      [mlc, 'wllama'],
      [files, 'wllama'],
    ] as const)
      await expect(chooseBackend(source, backend)).rejects.toMatchObject({
        code: 'option-invalid',
        details: { option: 'backend' },
      })
  })
})
