import { openLora } from '@sampan/engine'
import { array, buildGguf, f32, text } from '../../../../packages/engine/src/formats/gguf/testing.ts'
import { mutateBytes } from '../mutate-bytes.ts'
import { mutateJson } from '../mutate-json.ts'
import { mutateText } from '../mutate-text.ts'
import { type FuzzTarget, oneOf, sourceOf } from '../target.ts'

const config = JSON.stringify({
  peft_type: 'LORA',
  base_model_name_or_path: 'org/base',
  r: 4,
  lora_alpha: 8,
  lora_dropout: 0.1,
  bias: 'none',
  target_modules: ['q_proj', 'down_proj'],
  rank_pattern: { q_proj: 4 },
  alpha_pattern: { 'layers.0.mlp.down_proj': 16 },
  use_rslora: false,
  use_dora: false,
  fan_in_fan_out: false,
  task_type: 'CAUSAL_LM',
})
const prefix = 'base_model.model.model.layers.0'
const shapes: readonly (readonly [string, readonly number[]])[] = [
  [`${prefix}.self_attn.q_proj.lora_A.weight`, [4, 64]],
  [`${prefix}.self_attn.q_proj.lora_B.weight`, [64, 4]],
  [`${prefix}.mlp.down_proj.lora_A.weight`, [4, 64]],
  [`${prefix}.mlp.down_proj.lora_B.weight`, [64, 4]],
]

/** LoRA adapters, from PEFT's two files and from GGUF. */
export function adapterTargets(): readonly FuzzTarget[] {
  const header = JSON.stringify(headerOf())
  const sound = safetensorsOf(header)
  const gguf = buildGguf({
    metadata: [
      ['general.architecture', text('llama')],
      ['general.type', text('adapter')],
      ['general.tags', array(8, [text('a')])],
      ['adapter.type', text('lora')],
      ['adapter.lora.alpha', f32(8)],
    ],
    tensors: [
      { name: 'blk.0.attn_q.weight.lora_a', dimensions: [64, 4], type: 0, offset: 0 },
      { name: 'blk.0.attn_q.weight.lora_b', dimensions: [4, 64], type: 0, offset: 1024 },
    ],
    dataBytes: 2048,
  })
  return [
    {
      name: 'adapter_config.json',
      weight: 6,
      run: (pick) => openLora({ config: mutateJson(config, pick), weights: sourceOf(sound) }),
    },
    {
      name: "an adapter's safetensors",
      weight: 4,
      run: (pick) =>
        openLora({
          config,
          weights: sourceOf(safetensorsOf(pick(3) === 0 ? mutateText(header, pick) : mutateJson(header, pick))),
        }),
    },
    {
      name: "an adapter's GGUF",
      weight: 4,
      run: (pick) => {
        const bytes = mutateBytes(gguf, pick, gguf.length - 2048)
        return openLora({ gguf: sourceOf(bytes, oneOf(pick, [bytes.length, 2 ** 40]), 128 << 20) })
      },
    },
  ]
}

function headerOf(): Readonly<Record<string, unknown>> {
  let at = 0
  const entries = shapes.map(([name, shape]) => {
    const begin = at
    at += 4 * shape.reduce((product, length) => product * length, 1)
    return [name, { dtype: 'F32', shape, data_offsets: [begin, at] }]
  })
  return { __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) }
}

function safetensorsOf(header: string): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + json.length + 4 * 4 * 256)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  return bytes
}
