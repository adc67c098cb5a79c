import { describe, expect, it } from 'vitest'
import { bytesSource } from '../bytes-source.ts'
import { buildGguf, f32, type TestGguf, type TestValue, text } from '../gguf/testing.ts'
import { buildSafetensors } from '../safetensors/testing.ts'
import { expectFailure, failure, seededRandom } from '../testing.ts'
import { maximumAdapterRank } from './limits.ts'
import { openLora } from './open-lora.ts'

interface Matrix {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype?: string
}

const query = 'base_model.model.model.layers.0.self_attn.q_proj'
const down = 'base_model.model.model.layers.1.mlp.down_proj'
const pair = (module: string, rank: number, inputs = 8, outputs = 6): Matrix[] => [
  { name: `${module}.lora_A.weight`, shape: [rank, inputs] },
  { name: `${module}.lora_B.weight`, shape: [outputs, rank] },
]

function weights(matrices: readonly Matrix[]): Uint8Array {
  let end = 0
  const header = Object.fromEntries(
    matrices.map(({ name, shape, dtype = 'F32' }) => {
      const start = end
      end += shape.reduce((product, size) => product * size, dtype === 'F32' ? 4 : 2)
      return [name, { dtype, shape, data_offsets: [start, end] }]
    }),
  )
  return buildSafetensors(header, end)
}

const config = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ peft_type: 'LORA', r: 4, lora_alpha: 8, base_model_name_or_path: 'some/base', ...changes })

const peft = (changes: Readonly<Record<string, unknown>> = {}, matrices: readonly Matrix[] = pair(query, 4)) =>
  openLora({ config: config(changes), weights: bytesSource(weights(matrices), 'adapter_model.safetensors') })

describe("PEFT's adapters", () => {
  it('give names, ranks and scales', async () => {
    const adapter = await peft({}, [...pair(query, 4), ...pair(down, 4)])
    expect(adapter).toMatchObject({ format: 'peft', baseModel: 'some/base', interleavedRope: false })
    expect([...adapter.targets.keys()]).toEqual(['layers.0.self_attn.q_proj.weight', 'layers.1.mlp.down_proj.weight'])
    expect(adapter.targets.get('layers.0.self_attn.q_proj.weight')).toMatchObject({
      rank: 4,
      scale: 2,
      a: { shape: [4, 8] },
      b: { shape: [6, 4] },
    })
  })

  it('may be named after their adapter, or lack the wrapper’s prefix', async () => {
    const named = pair(query, 4).map((matrix) => ({
      ...matrix,
      name: matrix.name.replace('.weight', '.default.weight'),
    }))
    expect([...(await peft({}, named)).targets.keys()]).toEqual(['layers.0.self_attn.q_proj.weight'])
    expect([...(await peft({}, pair('layers.0.self_attn.q_proj', 4))).targets.keys()]).toEqual([
      'layers.0.self_attn.q_proj.weight',
    ])
  })

  it('may have a rank and an alpha of their own for each matrix, by PEFT’s order and endings', async () => {
    const { targets } = await peft(
      {
        use_rslora: true,
        rank_pattern: { 'mlp.down_proj': 9 },
        alpha_pattern: { proj: 1, 'layers.1.mlp.down_proj': 5, down_proj: 7, '^model.layers.0.self_attn.q_proj': 3 },
      },
      [...pair(query, 4), ...pair(down, 9)],
    )
    expect([...targets.values()].map(({ scale }) => scale)).toEqual([3 / 2, 5 / 3])
  })

  it.each([
    [{ peft_type: 'LOHA' }, 'peft_type'],
    [{ peft_type: undefined }, 'peft_type'],
    [{ use_dora: true }, 'use_dora'],
    [{ modules_to_save: ['lm_head'] }, 'modules_to_save'],
    [{ fan_in_fan_out: true }, 'fan_in_fan_out'],
    [{ lora_bias: true }, 'lora_bias'],
    [{ bias: 'all' }, 'bias'],
    [{ layer_replication: [[0, 2]] }, 'layer_replication'],
    [{ trainable_token_indices: { embed_tokens: [1] } }, 'trainable_token_indices'],
    [{ target_parameters: ['experts.weight'] }, 'target_parameters'],
    [{ alora_invocation_tokens: [1, 2] }, 'alora_invocation_tokens'],
    [{ init_lora_weights: 'pissa_niter_4' }, 'init_lora_weights'],
    [{ alpha_pattern: { '(a+)+$': 3 } }, 'alpha_pattern'],
  ])('with %j are refused by the name of the option', async (changes, option) => {
    await expectFailure(peft(changes), 'format-unsupported', new RegExp(option))
    expect((await failure(peft(changes))).details['option']).toBe(option)
  })

  it('take what changes nothing', async () => {
    const harmless = { use_dora: false, modules_to_save: null, layer_replication: [], init_lora_weights: 'gaussian' }
    expect((await peft({ ...harmless, loftq_config: {}, bias: 'none', someday: 1 })).targets.size).toBe(1)
  })

  it.each([
    ['lora_magnitude_vector', `${query}.lora_magnitude_vector.weight`],
    ['a whole matrix', 'base_model.model.lm_head.weight'],
    ['an embedding', 'base_model.model.model.embed_tokens.lora_embedding_A'],
    ['a bias', `${query}.lora_B.bias`],
  ])('holding %s are refused by the name of the tensor', async (_, name) => {
    const error = await failure(peft({}, [...pair(query, 4), { name, shape: [4, 4] }]))
    expect(error).toMatchObject({ code: 'format-unsupported', details: { tensor: name } })
  })

  it('are refused where files do not go together or are damaged', async () => {
    const [a, b] = pair(query, 4)
    if (!a || !b) throw new Error('no pair')
    await expectFailure(peft({ r: 8 }), 'file-malformed', /rank .* is 8, but .* has 4/)
    await expectFailure(peft({}, [a]), 'file-malformed', /only one of A and B/)
    await expectFailure(peft({}, []), 'file-malformed', /no LoRA tensors/)
    await expectFailure(peft({}, [a, { ...b, shape: [6, 5] }]), 'file-malformed', /do not go together/)
    const twice = { ...b, name: b.name.replace('base_model.model.', '') }
    await expectFailure(peft({}, [a, b, twice]), 'file-malformed', /two tensors for B/)
    await expectFailure(peft({ lora_alpha: 'much' }), 'file-malformed', /lora_alpha/)
    await expectFailure(peft({ lora_alpha: 1e9 }), 'file-malformed', /scale/)
    await expectFailure(peft({ alpha_pattern: { q_proj: 'x' } }), 'file-malformed', /alpha_pattern/)
    const wide = maximumAdapterRank + 1
    await expectFailure(peft({ r: wide }, pair(query, wide)), 'file-limit-exceeded', /rank/)
    const source = bytesSource(weights(pair(query, 4)).subarray(0, -1), 'cut')
    await expectFailure(openLora({ config: config(), weights: source }), 'file-truncated', /cut/)
  })
})

interface GgufTensor {
  readonly name: string
  /** Row-major. */
  readonly shape: readonly [number, number]
  readonly type?: number
}

const ggufPair: readonly GgufTensor[] = [
  { name: 'blk.0.attn_q.weight.lora_a', shape: [4, 8] },
  { name: 'blk.0.attn_q.weight.lora_b', shape: [6, 4] },
]
const kind: readonly (readonly [string, TestValue])[] = [
  ['general.type', text('adapter')],
  ['adapter.type', text('lora')],
  ['general.architecture', text('llama')],
]

function ggufFile(tensors: readonly GgufTensor[], metadata: TestGguf['metadata']): Uint8Array {
  let end = 0
  const placed = tensors.map(({ name, shape: [rows, columns], type = 0 }) => {
    const offset = end
    end += Math.ceil((rows * columns * 4) / 32) * 32
    return { name, dimensions: [columns, rows], type, offset }
  })
  return buildGguf({ metadata: metadata ?? [], tensors: placed, dataBytes: end })
}

const gguf = (
  tensors: readonly GgufTensor[] = ggufPair,
  metadata: TestGguf['metadata'] = [...kind, ['adapter.lora.alpha', f32(6)]],
) => openLora({ gguf: bytesSource(ggufFile(tensors, metadata), 'adapter.gguf') })

describe("llama.cpp's adapters", () => {
  it('give the same, with rows in the order of their architecture', async () => {
    const adapter = await gguf()
    expect(adapter).toMatchObject({ format: 'gguf', architecture: 'llama', interleavedRope: true })
    expect(adapter.targets.get('layers.0.self_attn.q_proj.weight')).toMatchObject({
      rank: 4,
      scale: 1.5,
      a: { shape: [4, 8] },
      b: { shape: [6, 4] },
    })
    const qwen = await gguf(ggufPair, [
      ...kind.slice(0, 2),
      ['general.architecture', text('qwen2')],
      ['adapter.lora.alpha', f32(0)],
    ])
    expect(qwen.interleavedRope).toBe(false)
    // llama.cpp's way to say that there is none.
    expect([...qwen.targets.values()].map(({ scale }) => scale)).toEqual([1])
  })

  it('are refused where they are something else', async () => {
    const alpha = ['adapter.lora.alpha', f32(6)] as const
    await expectFailure(gguf(ggufPair, [kind[2] ?? alpha, alpha]), 'format-unsupported', /is a model, not an adapter/)
    const control = [
      ['general.type', text('adapter')],
      ['adapter.type', text('control_vector')],
    ] as const
    await expectFailure(gguf(ggufPair, control), 'format-unsupported', /control_vector/)
    await expectFailure(gguf(ggufPair, kind), 'file-malformed', /adapter\.lora\.alpha/)
    await expectFailure(gguf(ggufPair, [...kind.slice(0, 2), alpha]), 'file-malformed', /general\.architecture/)
    const more = [...ggufPair, { name: 'blk.0.attn_q.weight', shape: [4, 8] as const }]
    await expectFailure(gguf(more), 'format-unsupported', /no part of a plain LoRA/)
    const quantised = ggufPair.map((tensor) => ({ ...tensor, shape: [32, 32] as const, type: 2 }))
    await expectFailure(gguf(quantised), 'format-unsupported', /Q4_0/)
  })
})

it.each([
  ['PEFT', 1],
  ['GGUF', 2],
])('damaged files of %s end in typed errors', async (name, seed) => {
  const random = seededRandom(seed)
  const whole =
    name === 'PEFT' ? weights(pair(query, 4)) : ggufFile(ggufPair, [...kind, ['adapter.lora.alpha', f32(6)]])
  let refused = 0
  for (let trial = 0; trial < 300; trial += 1) {
    const bytes = Uint8Array.from(whole)
    for (let change = 0; change < 3; change += 1)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    const source = bytesSource(bytes.subarray(0, Math.ceil(random() * 1.5 * bytes.length)), 'damaged')
    const files = name === 'PEFT' ? { config: config(), weights: source } : { gguf: source }
    const outcome = await openLora(files).catch((error: unknown) => error)
    if (!(outcome instanceof Error)) continue
    expect(outcome.name).toBe('EngineError')
    refused += 1
  }
  expect(refused).toBeGreaterThan(100)
})
