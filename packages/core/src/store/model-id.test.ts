import { describe, expect, it } from 'vitest'
import { describeForm, isModelId, modelId, possibleIds } from './model-id.ts'
import type { StoredForm } from './store-types.ts'

const form: StoredForm = { kind: 'planes', version: 1, bits: 4 }
const sha256 = 'a'.repeat(64)
const weights = { path: 'model.gguf', url: 'https://huggingface.co/a/b/resolve/c0ffee/model.gguf', size: 7, sha256 }

describe('the id of a model', () => {
  it('is the name of a file everywhere', async () => {
    const id = await modelId([weights], form)
    expect(id).toMatch(/^[0-9a-f]{40}$/)
    expect(isModelId(id)).toBe(true)
    expect(isModelId('../x')).toBe(false)
  })

  it('is the same for the same content at another place', async () => {
    const mirror = { ...weights, path: 'gguf/other-name.gguf', url: 'https://modelscope.cn/x?token=1' }
    expect(await modelId([mirror], form)).toBe(await modelId([weights], form))
  })

  it('is another for other content, order, form and role', async () => {
    const config = { path: 'config.json', url: 'https://h/config.json', gitSha1: 'b'.repeat(40) }
    const ids = await Promise.all([
      modelId([weights], form),
      modelId([{ ...weights, sha256: 'c'.repeat(64) }], form),
      modelId([weights], { ...form, bits: 8 }),
      modelId([weights], { ...form, version: 2 }),
      modelId([weights], { kind: 'source' }),
      modelId([weights, config], form),
      modelId([config, weights], form),
      modelId([weights, { ...config, path: 'tokenizer.json' }], form),
    ])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('goes by ETag and address where there is no digest, and never by what follows the question mark', async () => {
    const file = { path: 'm.gguf', url: 'https://cdn/m.gguf', size: 9, etag: '"1"' }
    const same = await modelId([{ ...file, url: `${file.url}?signature=secret#x` }], form)
    expect(await modelId([file], form)).toBe(same)
    expect(await modelId([{ ...file, etag: '"2"' }], form)).not.toBe(same)
    expect(await modelId([{ ...file, url: 'https://cdn/other.gguf' }], form)).not.toBe(same)
    const { etag, ...bare } = file
    expect(etag).toBe('"1"')
    expect(await modelId([bare], form)).not.toBe(await modelId([{ ...bare, size: 10 }], form))
  })

  it('can be found again when digests have become known since', async () => {
    const { sha256: digest, ...listed } = weights
    const before = await modelId([listed], form)
    expect(await possibleIds([{ ...listed, sha256: digest, gitSha1: 'd'.repeat(40) }], form)).toContain(before)
    expect(await possibleIds([{ ...listed, url: 'https://elsewhere/x' }], form)).not.toContain(before)
  })

  it('tells forms apart', () => {
    const forms: StoredForm[] = [
      form,
      { ...form, embeddingBits: 4 },
      { kind: 'planes', version: 1 },
      { kind: 'source' },
    ]
    expect(new Set(forms.map(describeForm)).size).toBe(forms.length)
  })
})
