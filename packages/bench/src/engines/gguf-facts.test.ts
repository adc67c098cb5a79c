import { readFileSync } from 'node:fs'
import { bytesSource, openGguf } from '@sampan/engine'
import { expect, it } from 'vitest'
import { checkpointModel, ggufUrl } from './gguf-facts.ts'

const pocket = readFileSync(new URL('../../../pocket/pocket.gguf', import.meta.url))

it('tells what a GGUF file is', async () => {
  const model = checkpointModel(await openGguf(bytesSource(new Uint8Array(pocket), 'pocket.gguf')))
  expect(model).toMatchObject({
    ...{ architecture: 'qwen3', vocabularySize: 6144, quantization: 'Q8_0' },
    keyValueBytesPerToken: 2 * 8 * 2 * 64 * 2,
  })
  // 8 bits and a scale of 16 for 32 weights; norms are kept whole.
  expect(model.bitsPerWeight).toBeGreaterThan(8.5)
  expect(model.bitsPerWeight).toBeLessThan(8.6)
  expect(model.weightBytes).toBeLessThan(pocket.length)
  expect(model.weightBytes).toBeGreaterThan(0.95 * pocket.length)
  expect(model.prefillParameters).toBeLessThan(model.parameters ?? 0)
})

it('finds GGUF files by URL and on the hub, and takes nothing else', () => {
  expect(ggufUrl('https://x.org/a/b.gguf?token=1')).toBe('https://x.org/a/b.gguf?token=1')
  expect(ggufUrl('org/name:a-Q4_K_M.gguf')).toBe('https://huggingface.co/org/name/resolve/main/a-Q4_K_M.gguf')
  expect(ggufUrl('org/name@v1:sub/a.gguf')).toBe('https://huggingface.co/org/name/resolve/v1/sub/a.gguf')
  for (const other of ['org/name', 'mlc:a', 'https://x.org/model/'])
    expect(() => ggufUrl(other)).toThrow(expect.objectContaining({ code: 'not-available' }))
})
