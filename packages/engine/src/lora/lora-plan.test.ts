import { describe, expect, it } from 'vitest'
import { bytesSource } from '../formats/bytes-source.ts'
import type { TensorInfo, TensorType } from '../formats/checkpoint.ts'
import type { LoraAdapter, LoraTarget } from '../formats/lora/lora-adapter.ts'
import { decoderModel } from '../models/decoder.ts'
import { layoutFactors } from './factor-layout.ts'
import { planLora } from './lora-plan.ts'
import { outlineLora } from './outline-lora.ts'

const model = decoderModel(
  {
    architecture: 'llama',
    hiddenSize: 12,
    layerCount: 2,
    headCount: 2,
    keyValueHeadCount: 1,
    headSize: 4,
    feedForwardSize: 20,
    vocabularySize: 10,
    contextLength: 16,
    normEpsilon: 1e-5,
    ropeBase: 1e4,
    ropeScaling: { kind: 'none' },
    tiedEmbeddings: true,
  },
  new Map(),
  { bias: 'none', headNorms: false },
)

const tensor = (shape: readonly number[], type: TensorType): TensorInfo => ({
  ...{ name: 'x', type, shape, start: 0, byteLength: 0 },
  source: bytesSource(new Uint8Array(), 'x'),
})
const target = (name: string, rank: number, outputs: number, inputs: number, type: TensorType = 'F32'): LoraTarget => ({
  ...{ name: `layers.${name}.weight`, rank, scale: 2 },
  a: tensor([rank, inputs], type),
  b: tensor([outputs, rank], type),
})
const adapterOf = (targets: readonly LoraTarget[], changes: Partial<LoraAdapter> = {}): LoraAdapter => ({
  ...{ format: 'peft', name: 'adapter', baseModel: 'some/base', architecture: undefined, interleavedRope: false },
  targets: new Map(targets.map((item) => [item.name, item])),
  ...changes,
})

describe('the plan of an adapter', () => {
  it('puts matrices with one input together, each where its outputs lie', () => {
    const { layers } = planLora(
      adapterOf([
        target('1.self_attn.v_proj', 3, 4, 12),
        target('1.self_attn.q_proj', 5, 8, 12),
        target('0.mlp.up_proj', 2, 20, 12),
      ]),
      model,
    )
    expect(layers.map((groups) => [...groups.keys()])).toEqual([['gateUp'], ['queryKeyValue']])
    expect(layers[0]?.get('gateUp')?.parts).toMatchObject([{ row: 32, rows: 20 }])
    const group = layers[1]?.get('queryKeyValue')
    if (!group) throw new Error('no group')
    expect(group.parts.map(({ row, rows }) => [row, rows])).toEqual([
      [0, 8],
      [12, 4],
    ])
    const { shape, places, words } = layoutFactors('f16', group)
    // Rank 5 takes two chunks of four, rank 3 one; a row of A three.
    expect(shape).toMatchObject({
      columns: 3,
      rowChunks: 3,
      sections: [
        { chunks: 2, start: 36 },
        { chunks: 1, start: 52 },
      ],
    })
    expect(places).toEqual([
      { a: { start: 0, stride: 3 }, b: { start: 36, stride: 2 } },
      { a: { start: 24, stride: 3 }, b: { start: 52, stride: 1 } },
    ])
    expect(words).toBe((52 + 4) * 2)
  })

  it('is the same by an outline, which crosses to a Worker', () => {
    const adapter = adapterOf([target('0.mlp.down_proj', 2, 12, 20, 'BF16'), target('1.self_attn.o_proj', 3, 12, 8)])
    const outline = structuredClone(outlineLora(adapter))
    const layouts = (of: typeof outline): unknown => {
      const { type, layers } = planLora(of, model)
      return layers.map((groups) => [...groups].map(([name, group]) => [name, layoutFactors(type, group)]))
    }
    expect(layouts(outline)).toEqual(layouts(adapter))
    expect(() => planLora(outlineLora(adapterOf([target('0.mlp.down_proj', 2, 12, 24)])), model)).toThrow(/\[12, 20\]/)
  })

  it('keeps 16 bits where all of the adapter has the same', () => {
    const typeOf = (...types: TensorType[]): string =>
      planLora(adapterOf(types.map((type, i) => target(`${i}.mlp.down_proj`, 1, 12, 20, type))), model).type
    expect([typeOf('F16', 'F16'), typeOf('BF16'), typeOf('F16', 'BF16'), typeOf('F32'), typeOf('Q8_0')]).toEqual([
      'f16',
      'bf16',
      'f32',
      'f32',
      'f32',
    ])
  })

  it.each([
    [
      'shapes',
      adapterOf([target('0.mlp.down_proj', 2, 12, 24)]),
      /layers\.0\.mlp\.down_proj\.weight by \[12, 2\] · \[2, 24\].*\[12, 20\]/,
    ],
    ['more layers', adapterOf([target('2.mlp.down_proj', 2, 12, 20)]), /layers\.2\.mlp\.down_proj\.weight/],
    ['the head', adapterOf([{ ...target('0.x', 2, 10, 12), name: 'lm_head.weight' }]), /lm_head\.weight/],
    ['another architecture', adapterOf([], { architecture: 'qwen2' }), /qwen2, and this model is llama/],
  ])('refuses another model’s by its %s', (_, adapter, message) => {
    expect(() => planLora(adapter, model)).toThrow(
      expect.objectContaining({ code: 'adapter-mismatch', message: expect.stringMatching(message) }),
    )
    expect(() => planLora(adapter, model)).toThrow(/some\/base/)
  })
})
