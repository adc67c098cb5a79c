import { expect, it } from 'vitest'
import type { ByteSource } from '../formats/byte-source.ts'
import type { Checkpoint, ModelConfig, TensorInfo, TensorType } from '../formats/checkpoint.ts'
import { blockSizes } from '../formats/tensor-types.ts'
import { loadEngine } from '../load-engine.ts'
import { planGpuBytes } from '../plan/plan-gpu-bytes.ts'

/** DeepSeek-R1-Distill-Qwen-1.5B's shape. */
const config: ModelConfig = {
  architecture: 'qwen2',
  hiddenSize: 1536,
  layerCount: 28,
  headCount: 12,
  keyValueHeadCount: 2,
  headSize: 128,
  feedForwardSize: 8960,
  vocabularySize: 151_936,
  contextLength: 131_072,
  normEpsilon: 1e-6,
  ropeBase: 10_000,
  ropeScaling: { kind: 'none' },
  tiedEmbeddings: false,
}

const zeros: ByteSource = {
  name: 'zeros',
  size: 2 ** 40,
  read: (start, end) => Promise.resolve(new Uint8Array(end - start)),
}

/** The tensors of its Q4_K_M file, all zero. */
function checkpoint(): Checkpoint {
  const tensors = new Map<string, TensorInfo>()
  let start = 0
  const add = (name: string, type: TensorType, ...shape: number[]): void => {
    const elements = shape.reduce((product, size) => product * size, 1)
    const byteLength = (elements / blockSizes[type].elements) * blockSizes[type].bytes
    tensors.set(name, { name, type, shape, source: zeros, start, byteLength })
    start += byteLength
  }
  const { hiddenSize, headSize, feedForwardSize, vocabularySize } = config
  const keys = config.keyValueHeadCount * headSize
  add('embed_tokens.weight', 'Q4_K', vocabularySize, hiddenSize)
  add('lm_head.weight', 'Q6_K', vocabularySize, hiddenSize)
  add('norm.weight', 'F32', hiddenSize)
  for (let layer = 0; layer < config.layerCount; layer += 1) {
    const prefix = `layers.${layer}`
    add(`${prefix}.input_layernorm.weight`, 'F32', hiddenSize)
    add(`${prefix}.post_attention_layernorm.weight`, 'F32', hiddenSize)
    for (const [name, rows, type] of [
      ['q', hiddenSize, 'Q4_K'],
      ['k', keys, 'Q4_K'],
      ['v', keys, 'Q6_K'],
    ] as const) {
      add(`${prefix}.self_attn.${name}_proj.weight`, type, rows, hiddenSize)
      add(`${prefix}.self_attn.${name}_proj.bias`, 'F32', rows)
    }
    add(`${prefix}.self_attn.o_proj.weight`, 'Q4_K', hiddenSize, hiddenSize)
    add(`${prefix}.mlp.gate_proj.weight`, 'Q4_K', feedForwardSize, hiddenSize)
    add(`${prefix}.mlp.up_proj.weight`, 'Q4_K', feedForwardSize, hiddenSize)
    add(`${prefix}.mlp.down_proj.weight`, 'Q6_K', hiddenSize, feedForwardSize)
  }
  return { format: 'gguf', config, tensors, metadata: new Map() }
}

it('plans R1-Distill-Qwen-1.5B within WebGPU’s default limits, its output head in parts', async () => {
  const adapter = await navigator.gpu.requestAdapter()
  const device = await adapter?.requestDevice()
  if (!device) throw new Error('no device')
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
  expect([maxBufferSize, maxStorageBufferBindingSize]).toEqual([2 ** 28, 2 ** 27])
  const { tensors } = checkpoint()
  expect(tensors.get('lm_head.weight')?.byteLength).toBeGreaterThan(maxStorageBufferBindingSize)
  const engine = await loadEngine(checkpoint(), { device })
  const source = [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  expect(engine.ledger().weights / source).toBeLessThan(1.12)
  const { features, software } = engine.adapter
  // Of the embedding a token reads one row.
  const embedding = tensors.get('embed_tokens.weight')?.byteLength ?? 0
  expect(engine.tokenBytes.weights / (source - embedding)).toBeGreaterThan(0.99)
  expect(engine.tokenBytes.weights / (source - embedding)).toBeLessThan(1.12)
  const plan = planGpuBytes(checkpoint(), {}, { limits: device.limits, features, software })
  expect([plan.afterLoad, plan.problems]).toEqual([engine.ledger(), []])
  await engine.dispose()
  expect(engine.ledger().total).toBe(0)
})
