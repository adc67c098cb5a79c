import { describe, expect, it } from 'vitest'
import { declaredBindings } from '../device/bindings.ts'
import { planeKindOf } from '../weights/plane-format.ts'
import { layoutSection } from '../weights/section.ts'
import { attentionCode } from './attention/attention.ts'
import { downCode, upCode } from './lora/lora.ts'
import { type MatmulVariant, matmulCode } from './matmul/matmul.ts'
import { adjustCode } from './sample/logit-adjuster.ts'
import { rankCode } from './sample/token-ranker.ts'

/** WebGPU's defaults, which every device has. */
const storageBuffers = 8
const workgroupBytes = 16_384

const sizes: Readonly<Record<string, number>> = {
  f32: 4,
  u32: 4,
  'vec2<u32>': 8,
  'vec4<f32>': 16,
  'vec4<f16>': 8,
  'atomic<u32>': 4,
}

function workgroupMemory(code: string): number {
  const declarations = code.matchAll(/var<workgroup> \w+: array<([\w<>0-9]+), (\d+)>/g)
  return [...declarations].reduce((sum, [, type = '', count]) => sum + (sizes[type] ?? Number.NaN) * Number(count), 0)
}

function expectWithinDefaults(code: string): void {
  const bindings = declaredBindings(code)
  expect(bindings.filter(({ buffer }) => buffer?.type !== 'uniform').length).toBeLessThanOrEqual(storageBuffers)
  expect(workgroupMemory(code)).toBeLessThanOrEqual(workgroupBytes)
  expect(code).not.toContain('//!')
}

describe('every kernel variant stays within WebGPU’s default limits', () => {
  const variants: readonly MatmulVariant[] = [
    { kernel: 'lane', tokens: 4, share: false },
    { kernel: 'vector', workgroup: 64, subgroups: true, norm: true },
    { kernel: 'tile', half: false },
    { kernel: 'tile', half: true },
  ]
  it.each(variants)('matmul $kernel', (variant) => {
    const sections = Object.values(planeKindOf)
      .slice(0, 3)
      .map((kind) => layoutSection(kind, 64, 64, 0))
    const code = matmulCode({ sections, epilogue: 'store', bias: true, variant })
    expectWithinDefaults(code)
    if (variant.kernel === 'tile') expect(workgroupMemory(code)).toBe(variant.half ? 12_288 : 16_384)
  })

  it.each([64, 80, 128, 256, 512])('attention over heads of %i', (headSize) => {
    for (const split of [true, false]) {
      for (const kernel of ['lane', 'group'] as const) {
        expectWithinDefaults(
          attentionCode({ heads: 8, keyValueHeads: 2, headSize, keyValueType: 'f16', kernel, split }),
        )
      }
    }
  })

  it.each(['f32', 'f16', 'bf16'] as const)('low-rank products of %s', (type) => {
    for (const kernel of ['lane', 'group'] as const)
      for (const tokens of [1, 4] as const) {
        const variant = { kernel, tokens, norm: kernel === 'group' && tokens === 1 }
        expectWithinDefaults(downCode(type, variant))
        expectWithinDefaults(upCode(type, variant))
      }
  })

  it('what may come before and after sampling', () => {
    for (const edits of [false, true])
      for (const mask of [false, true]) expectWithinDefaults(adjustCode({ edits, mask }))
    for (const of of ['chunk', 'all'] as const) expectWithinDefaults(rankCode(of))
  })
})
