import type { CachedModel } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import { keyOf, sourceOf } from './kept-models.ts'

describe('keyOf', () => {
  it.each([
    ['Qwen/Qwen3-0.6B', 'https://huggingface.co/Qwen/Qwen3-0.6B@main'],
    ['Qwen/Qwen3-0.6B@refs/pr/1', 'https://huggingface.co/Qwen/Qwen3-0.6B@refs/pr/1'],
    ['o/n:q4/a b.gguf', 'https://huggingface.co/o/n@main:q4/a b.gguf'],
    ['https://huggingface.co/o/n', 'https://huggingface.co/o/n@main'],
    ['https://huggingface.co/o/n/blob/main/a%20b.gguf?download=true', 'https://huggingface.co/o/n@main:a b.gguf'],
    ['https://huggingface.co/o/n/tree/main/checkpoint-1', 'https://huggingface.co/o/n@main:checkpoint-1/'],
    ['o/n/', 'https://huggingface.co/o/n@main'],
    ['https://a.example/m.gguf?token=secret#x', 'https://a.example/m.gguf'],
    ['not a model', 'not a model'],
  ])('%s', (address, key) => expect(keyOf(address)).toBe(key))
})

describe('sourceOf', () => {
  const kept = (keys: readonly string[]): CachedModel => ({
    ...{ id: 'x', name: 'o/n', keys, state: 'complete', bytes: 1, changed: '2026-11-22T00:00:00Z' },
    form: { kind: 'planes', version: 1, bits: 8 },
  })

  it.each(['o/n', 'o/n@v2', 'o/n:a.gguf', 'o/n:checkpoint-1/', 'https://a.example/m.gguf'])(
    '%s comes back from its key',
    (address) => {
      expect(sourceOf(kept([keyOf(address)]))).toMatchObject({ address, form: { bits: 8 } })
    },
  )

  it.each([
    ['o/n', 'modelscope', 'https://modelscope.cn/o/n@master'],
    ['o/n@v2:a.gguf', 'modelscope', 'https://modelscope.cn/o/n@v2:a.gguf'],
    ['o/n', 'https://hub.example/hf', 'https://hub.example/hf/o/n@main'],
    ['o/n:q4/a.gguf', 'https://hub.example', 'https://hub.example/o/n@main:q4/a.gguf'],
  ])('%s of %s comes back from its key', (address, hub, key) => {
    expect(keyOf(address, { hub })).toBe(key)
    expect(sourceOf(kept([key]))).toMatchObject({ address, options: { hub } })
  })

  it('is none for an adapter, which is loaded with its model only', () => {
    const adapter: CachedModel = { ...kept([keyOf('o/n')]), form: { kind: 'adapter', base: 'o/base' } }
    expect(sourceOf(adapter)).toBeUndefined()
  })

  it('has nothing to load where there is no address', () => {
    expect(sourceOf(kept([]))).toBeUndefined()
    expect(sourceOf(kept(['a file of somebody']))).toBeUndefined()
  })
})
