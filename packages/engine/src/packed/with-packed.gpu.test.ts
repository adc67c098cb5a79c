import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenCases } from '../../../../test/golden/golden.ts'
import { readGoldenData } from '../../../../test/golden/golden-data.ts'
import type { Gpu } from '../device/gpu.ts'
import type { WeightBits } from '../engine-types.ts'
import { bytesSource } from '../formats/bytes-source.ts'
import type { Checkpoint, TensorType } from '../formats/checkpoint.ts'
import { failure } from '../formats/testing.ts'
import { readWords, testGpu } from '../kernels/testing.ts'
import { loadEngine } from '../load-engine.ts'
import { WeightLoader } from '../weights/weight-loader.ts'
import { packCheckpoint } from './pack-checkpoint.ts'
import type { PackBits } from './packed-types.ts'
import { firstDifference, MemoryFile, smallCheckpoint, stored } from './testing.ts'
import { withPacked } from './with-packed.ts'

async function packedOf(checkpoint: Checkpoint, options: PackBits): Promise<Checkpoint> {
  const file = new MemoryFile()
  const tensors = stored(await packCheckpoint(checkpoint, { ...options, append: file.append }))
  return withPacked(checkpoint, bytesSource(file.bytes, 'model.planes'), tensors)
}

describe('a packed checkpoint on the GPU', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await testGpu()
  })
  afterAll(() => gpu.destroy())

  /** All words of all buffers. */
  async function upload(checkpoint: Checkpoint, bits: WeightBits | 'packed', maxPartBytes?: number) {
    const find = (name: string) => {
      const tensor = checkpoint.tensors.get(name)
      if (!tensor) throw new Error(`no ${name}`)
      return tensor
    }
    const loader = new WeightLoader(gpu, maxPartBytes)
    const layer = 'layers.0'
    const fused = ['q', 'k', 'v'].map((name) => find(`${layer}.self_attn.${name}_proj.weight`))
    const pair = ['gate', 'up'].map((name) => find(`${layer}.mlp.${name}_proj.weight`))
    loader.addMatrix('qkv', { tensors: fused, arrangement: 'stacked', bits })
    loader.addMatrix('gateUp', { tensors: pair, arrangement: 'paired', bits })
    loader.addMatrix('embedding', { tensors: [find('embed_tokens.weight')], arrangement: 'stacked', bits })
    loader.addVector('norms', [find(`${layer}.input_layernorm.weight`), find('norm.weight')])
    const { matrices, vectors } = await loader.load()
    const parts = [...matrices.values()].flatMap((matrix) => matrix.parts)
    const formats = parts.map(({ sections }) => sections)
    const buffers = [...parts.map(({ buffer }) => buffer), ...vectors.values()]
    const words: Uint32Array[] = []
    for (const buffer of buffers) words.push(await readWords(gpu, buffer))
    gpu.ledger.releaseAll()
    return { formats, words }
  }

  it.each<[TensorType, WeightBits]>([
    ['BF16', 4],
    ['F32', 16],
    ['Q4_0', 4],
    ['Q5_1', 4],
    ['Q5_K', 4],
    ['Q6_K', 4],
  ])('%s at %s bits: the very words of the source, in one buffer or many', async (type, bits) => {
    const { checkpoint } = smallCheckpoint(type, (name, bytes) => {
      if (name.endsWith('v_proj.weight')) bytes.setUint16(34, 0xd400, true)
      if (name.endsWith('up_proj.weight') && type === 'F32') bytes.setFloat32(400, 1e5, true)
    })
    const packed = await packedOf(checkpoint, { bits, embeddingBits: bits })
    for (const maxPartBytes of [undefined, 70_000]) {
      const source = await upload(checkpoint, bits, maxPartBytes)
      const stored = await upload(packed, 'packed', maxPartBytes)
      expect(stored.formats).toEqual(source.formats)
      expect(stored.words).toHaveLength(source.words.length)
      expect(source.words.length > 4).toBe(maxPartBytes !== undefined)
      for (const [index, words] of source.words.entries())
        expect(firstDifference(words, stored.words[index] ?? [])).toBe(-1)
    }
  })
})

const cases = await goldenCases(readGoldenData)

it('an engine from a packed checkpoint gives the reference’s tokens, and says which bits it does not have', async () => {
  const entry = cases.find(({ name }) => name === 'qwen3-untied')
  const prompt = entry?.reference.prompts[0]
  if (!entry || !prompt) throw new Error('no golden case')
  const packed = await packedOf(await entry.open(), { bits: 'source' })
  for (const options of [{ bits: 4 }, { embeddingBits: 8 }] as const) {
    const error = await failure(loadEngine(packed, options))
    expect([error.code, error.details['stored']]).toEqual(['option-invalid', 'bf16'])
  }
  const engine = await loadEngine(packed)
  try {
    const tokens: number[] = []
    const generation = engine.generate(entry.reference.tokens.slice(0, prompt.length), {
      maxTokens: prompt.greedy.length,
    })
    for await (const token of generation) tokens.push(token)
    expect(tokens).toEqual(prompt.greedy)
  } finally {
    await engine.dispose()
  }
})
