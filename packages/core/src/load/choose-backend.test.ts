import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { chooseBackend, explainNoGpu } from './choose-backend.ts'
import { gpuKind } from './gpu-kind.ts'

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
    expect(await chooseBackend(gguf, 'auto', gpuKind)).toBe('sampan')
    browser({})
    expect(await chooseBackend(gguf, 'auto', gpuKind)).toBe('sampan')
  })

  it.each([
    ['no adapter', null],
    ['SwiftShader', { info: { vendor: 'google', architecture: 'swiftshader', description: '' } }],
    ['llvmpipe', { info: { vendor: 'mesa', architecture: '', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' } }],
    ['WARP', { info: { vendor: 'microsoft', architecture: '', description: 'Microsoft Basic Render Driver' } }],
    ['a fallback', { info: { vendor: '', architecture: '', description: '', isFallbackAdapter: true } }],
  ])('takes the CPU for GGUF where there is %s', async (_, adapter) => {
    browser(adapter)
    expect(await chooseBackend(gguf, 'auto', gpuKind)).toBe('wllama')
    expect(await chooseBackend(gguf, 'sampan', gpuKind)).toBe('sampan')
  })

  it('takes the CPU where WebGPU is missing or breaks', async () => {
    vi.stubGlobal('navigator', {})
    expect(await chooseBackend(gguf, 'auto', gpuKind)).toBe('wllama')
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('lost')) } })
    expect(await chooseBackend(gguf, 'auto', gpuKind)).toBe('wllama')
  })

  it.each<[ModelSource, string]>([
    [{ kind: 'blob', blob: new Blob(), name: 'sha256-1' }, 'wllama'],
    [{ kind: 'url', url: 'blob:https://x.test/1' }, 'wllama'],
    [{ kind: 'url', url: 'https://x.test/pocket-1a2b', name: 'pocket' }, 'wllama'],
    [hub('org/Model-GGUF'), 'wllama'],
    [hub('org/model', 'model-q4_k_m.gguf'), 'wllama'],
    [hub('org/model'), 'wllama'],
    [{ kind: 'url', url: 'https://x.test/folder' }, 'wllama'],
    [mlc, 'web-llm'],
  ])('lets the CPU look at %o where there is no GPU', async (source, backend) => {
    browser(null)
    expect(await chooseBackend(source, 'auto', gpuKind)).toBe(backend)
  })

  it('says what to do where a folder has no GGUF and the browser no GPU', async () => {
    browser(null)
    const none = chooseBackend(files, 'auto', gpuKind)
    await expect(none).rejects.toMatchObject({ code: 'webgpu-unavailable', details: { reason: 'no-adapter' } })
    await expect(none).rejects.not.toThrow("backend: 'sampan'")
    browser({ info: { vendor: 'google', architecture: 'swiftshader', description: '' } })
    const software = chooseBackend(files, 'auto', gpuKind)
    await expect(software).rejects.toMatchObject({ details: { reason: 'software-adapter', cpu: 'safetensors' } })
    await expect(software).rejects.toThrow(/GGUF.*backend: 'sampan'/)
    expect(await chooseBackend(files, 'sampan', gpuKind)).toBe('sampan')
  })

  it('says of the CPU what is about the GPU, and nothing where the CPU was asked for', () => {
    const safetensors = new SampanError('format-unsupported', 'x', { format: 'safetensors' })
    const missing = new SampanError('worker-failed', 'x', { reason: 'script' })
    expect(explainNoGpu(safetensors, 'none')).toMatchObject({ code: 'webgpu-unavailable', cause: safetensors })
    expect(explainNoGpu(missing, 'software')).toMatchObject({
      code: 'webgpu-unavailable',
      details: { cpu: 'backend-missing' },
    })
    for (const error of [safetensors, missing]) expect(explainNoGpu(error, 'hardware')).toBe(error)
    for (const [code, details] of [
      ['format-unsupported', {}],
      ['worker-failed', { reason: 'blocked' }],
      ['device-limit-exceeded', { reason: 'script' }],
    ] as const) {
      const other = new SampanError(code, 'x', details)
      expect(explainNoGpu(other, 'none')).toBe(other)
    }
  })

  it('refuses a backend that does not load such a source', async () => {
    for (const [source, backend] of [
      [gguf, 'web-llm'],
      [mlc, 'sampan'],
      [mlc, 'wllama'],
      [files, 'wllama'],
    ] as const)
      await expect(chooseBackend(source, backend, gpuKind)).rejects.toMatchObject({
        code: 'option-invalid',
        details: { option: 'backend' },
      })
  })
})
