import { expect, test } from 'vitest'
import { goldenCasesFromDisk } from './golden-node.ts'
import { referenceLogits } from './reference-forward.ts'

const cases = await goldenCasesFromDisk()

test('the golden checkpoints cover every architecture, format and element type', async () => {
  const seen = new Set<string>()
  for (const golden of cases) {
    const checkpoint = await golden.open()
    seen.add(checkpoint.config.architecture).add(checkpoint.config.tiedEmbeddings ? 'tied' : 'untied')
    for (const tensor of checkpoint.tensors.values()) seen.add(`${checkpoint.format} ${tensor.type}`)
  }
  const types = ['F32', 'F16', 'BF16', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K']
  const safetensors = ['F32', 'F16', 'BF16'].map((type) => `safetensors ${type}`)
  expect(seen).toEqual(
    new Set(['qwen2', 'qwen3', 'llama', 'tied', 'untied', ...types.map((type) => `gguf ${type}`), ...safetensors]),
  )
})

// Float64 here against float32 there: the reference's own float32 error, measured when it was made, is all that may differ.
test.each(cases.map((golden) => [golden.name, golden] as const))(
  '%s means what transformers computes',
  async (_, golden) => {
    const { reference } = golden
    const logits = await referenceLogits(await golden.open(), reference.tokens)
    expect(logits.length).toBe(reference.logits.length)
    let largest = 0
    logits.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - (reference.logits[i] ?? Number.NaN)))
    })
    expect(largest).toBeLessThan(2 * reference.float32Error + 1e-5)
  },
)

test.each(cases.map((golden) => [golden.name, golden] as const))(
  '%s continues as transformers does',
  async (_, golden) => {
    const { tokens, prompts, vocabulary } = golden.reference
    const checkpoint = await golden.open()
    for (const { length, greedy } of prompts) {
      const logits = await referenceLogits(checkpoint, [...tokens.slice(0, length), ...greedy])
      const best = greedy.map((_token, step) => {
        const row = logits.subarray((length + step - 1) * vocabulary, (length + step) * vocabulary)
        return row.indexOf(Math.max(...row))
      })
      expect(best).toEqual(greedy)
    }
  },
)
