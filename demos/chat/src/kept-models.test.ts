import type { StoredModel } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import { keyOf, sourceOf } from './kept-models.ts'

describe('keyOf', () => {
  it.each([
    ['Qwen/Qwen3-0.6B', 'https://huggingface.co/Qwen/Qwen3-0.6B@main'],
    ['Qwen/Qwen3-0.6B@refs/pr/1', 'https://huggingface.co/Qwen/Qwen3-0.6B@refs/pr/1'],
    ['o/n:q4/a b.gguf', 'https://huggingface.co/o/n@main:q4/a b.gguf'],
    ['https://huggingface.co/o/n', 'https://huggingface.co/o/n@main'],
    ['https://huggingface.co/o/n/blob/main/a%20b.gguf?download=true', 'https://huggingface.co/o/n@main:a b.gguf'],
    ['https://a.example/m.gguf?token=secret#x', 'https://a.example/m.gguf'],
    ['not a model', 'not a model'],
  ])('%s', (address, key) => expect(keyOf(address)).toBe(key))
})

describe('sourceOf', () => {
  const kept = (keys: readonly string[]): StoredModel => ({
    ...{ id: 'x', name: 'o/n', keys, state: 'complete', bytes: 1, changed: '2026-11-22T00:00:00Z' },
    form: { kind: 'planes', version: 1, bits: 8 },
  })

  it.each(['o/n', 'o/n@v2', 'o/n:a.gguf', 'https://a.example/m.gguf'])('%s comes back from its key', (address) => {
    expect(sourceOf(kept([keyOf(address)]))).toMatchObject({ address, form: { bits: 8 } })
  })

  it('has nothing to load where there is no address', () => {
    expect(sourceOf(kept([]))).toBeUndefined()
    expect(sourceOf(kept(['a file of somebody']))).toBeUndefined()
  })
})
