import { describe, expect, test } from 'vitest'
import ropeFixtures from '../../../../../test/golden/data/rope.json'
import type { EngineErrorCode } from '../../errors.ts'
import { bytesSource } from '../bytes-source.ts'
import { expectFailure } from '../testing.ts'
import { openSafetensors } from './open-safetensors.ts'
import { buildSafetensors, modelConfig } from './testing.ts'

const openConfig = async (changes: Readonly<Record<string, unknown>> = {}) =>
  (await openSafetensors({ config: modelConfig(changes), weights: [] })).config
const shard = (name: string, ...tensors: readonly string[]) => {
  const header = Object.fromEntries(
    tensors.map((tensor, i) => [tensor, { dtype: 'BF16', shape: [2], data_offsets: [i * 4, i * 4 + 4] }]),
  )
  return bytesSource(buildSafetensors(header, tensors.length * 4), name)
}

describe('tensors', () => {
  test('of all shards, by canonical name', async () => {
    const weights = [
      shard('1', 'model.embed_tokens.weight', 'model.layers.0.mlp.up_proj.weight'),
      shard('2', 'lm_head.weight', 'norm.weight'),
    ]
    const { tensors, format, metadata } = await openSafetensors({ config: modelConfig(), weights })
    expect([...tensors].map(([name, tensor]) => [name, tensor.name, tensor.source.name])).toEqual([
      ['embed_tokens.weight', 'embed_tokens.weight', '1'],
      ['layers.0.mlp.up_proj.weight', 'layers.0.mlp.up_proj.weight', '1'],
      ['lm_head.weight', 'lm_head.weight', '2'],
      ['norm.weight', 'norm.weight', '2'],
    ])
    expect([format, metadata.size]).toEqual(['safetensors', 0])
  })

  test('without an output head share the embedding, unless the config says that they do not', async () => {
    const told = async (tied: boolean | undefined, ...names: readonly string[]) =>
      (
        await openSafetensors({
          config: modelConfig({ tie_word_embeddings: tied }),
          weights: [shard('1', 'model.embed_tokens.weight', ...names)],
        })
      ).config.tiedEmbeddings
    expect(await told(undefined)).toBe(true)
    expect(await told(undefined, 'lm_head.weight')).toBe(false)
    expect(await told(true, 'lm_head.weight')).toBe(true)
    expect(await told(false)).toBe(false)
  })

  test('in two shards are refused, under either name', async () => {
    for (const name of ['model.norm.weight', 'norm.weight']) {
      const weights = [shard('1', 'model.norm.weight'), shard('2', name)]
      await expectFailure(
        openSafetensors({ config: modelConfig(), weights }),
        'file-malformed',
        /norm.weight is in both 1 and 2/,
      )
    }
  })

  test('of too many files are refused unread', async () => {
    const weights = Array.from({ length: 1025 }, () => shard('n'))
    await expectFailure(openSafetensors({ config: modelConfig(), weights }), 'file-limit-exceeded', /1025 weight files/)
  })
})

describe('config', () => {
  test('as transformers 4 writes it', async () => {
    expect(await openConfig()).toEqual({
      architecture: 'llama',
      hiddenSize: 64,
      layerCount: 2,
      headCount: 4,
      keyValueHeadCount: 2,
      headSize: 16,
      feedForwardSize: 96,
      vocabularySize: 10,
      contextLength: 128,
      normEpsilon: 1e-5,
      ropeBase: 10_000,
      ropeScaling: { kind: 'none' },
      tiedEmbeddings: false,
    })
  })

  test('as transformers 5 writes it', async () => {
    const config = await openConfig({
      rope_theta: undefined,
      torch_dtype: undefined,
      dtype: 'bfloat16',
      rope_parameters: { rope_type: 'default', rope_theta: 500_000 },
      tie_word_embeddings: true,
      layer_types: ['full_attention', 'full_attention'],
    })
    expect(config).toMatchObject({ ropeBase: 500_000, ropeScaling: { kind: 'none' }, tiedEmbeddings: true })
  })

  test('what is absent or null takes the value that transformers gives it', async () => {
    const absent = {
      num_key_value_heads: null,
      head_dim: null,
      rope_theta: undefined,
      rope_scaling: null,
      rms_norm_eps: undefined,
    }
    expect(await openConfig(absent)).toMatchObject({
      keyValueHeadCount: 4,
      headSize: 16,
      ropeBase: 10_000,
      normEpsilon: 1e-6,
    })
    expect((await openConfig({ model_type: 'qwen3' })).headSize).toBe(128)
    expect((await openConfig({ model_type: 'qwen3', head_dim: 32 })).headSize).toBe(32)
  })

  test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ['linear, by its old name', { rope_scaling: { type: 'linear', factor: 2 } }, { kind: 'linear', factor: 2 }],
    [
      'llama3 without its original length',
      { rope_scaling: { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 } },
      { kind: 'llama3', factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 128 },
    ],
    [
      'yarn, all by default',
      { rope_scaling: { type: 'yarn', factor: 1 } },
      { kind: 'yarn', factor: 1, originalContextLength: 128, attentionFactor: 1, betaFast: 32, betaSlow: 1 },
    ],
    [
      'the old key before the new',
      { rope_scaling: { type: 'linear', factor: 2 }, rope_parameters: { rope_type: 'linear', factor: 3 } },
      { kind: 'linear', factor: 2 },
    ],
  ])('rope scaling: %s', async (_, changes, expected) => {
    expect((await openConfig(changes)).ropeScaling).toEqual(expected)
  })

  test.each(ropeFixtures.map((fixture) => [fixture.parameters.rope_type, fixture] as const))(
    'rope scaling of transformers: %s',
    async (_, { parameters, attentionFactor, contextLength }) => {
      const config = await openConfig({
        rope_theta: undefined,
        rope_parameters: parameters,
        max_position_embeddings: contextLength,
      })
      expect(config.ropeBase).toBe(parameters.rope_theta)
      if (config.ropeScaling.kind === 'yarn')
        expect(config.ropeScaling.attentionFactor).toBeCloseTo(attentionFactor, 12)
      else expect(attentionFactor).toBe(1)
    },
  )

  test('dynamic scaling changes nothing up to the trained length, which is all that is offered', async () => {
    const config = await openConfig({
      rope_scaling: { type: 'dynamic', factor: 4 },
      original_max_position_embeddings: 100,
    })
    expect(config).toMatchObject({ contextLength: 100, ropeScaling: { kind: 'none' } })
  })

  test('a sliding window that no layer uses, or as long as the context, changes nothing', async () => {
    const window = { use_sliding_window: true, sliding_window: 32 }
    expect((await openConfig({ ...window, use_sliding_window: false })).contextLength).toBe(128)
    expect((await openConfig({ ...window, max_window_layers: 2 })).contextLength).toBe(128)
    expect((await openConfig({ ...window, sliding_window: 128 })).contextLength).toBe(128)
  })

  test('a sliding window that is used limits the context to one window', async () => {
    const layers = { layer_types: ['full_attention', 'sliding_attention'], sliding_window: 32 }
    expect((await openConfig(layers)).contextLength).toBe(32)
    const older = { use_sliding_window: true, sliding_window: 32, max_window_layers: 1 }
    expect((await openConfig(older)).contextLength).toBe(32)
  })

  test.each<[string, Readonly<Record<string, unknown>>, EngineErrorCode, RegExp]>([
    ['no model_type', { model_type: undefined }, 'file-malformed', /has no model_type/],
    ['no hidden size', { hidden_size: undefined }, 'file-malformed', /"hidden_size" is missing/],
    ['no layers', { num_hidden_layers: null }, 'file-malformed', /"num_hidden_layers" is missing/],
    ['a hidden size that is text', { hidden_size: '64' }, 'file-malformed', /"hidden_size" is not a number/],
    ['zero layers', { num_hidden_layers: 0 }, 'file-malformed', /layerCount is 0/],
    ['minus one head', { num_attention_heads: -1 }, 'file-malformed', /headCount is -1/],
    ['half a head', { num_attention_heads: 0.5 }, 'file-malformed', /headCount is 0.5/],
    ['a vocabulary of 1e15', { vocab_size: 1e15 }, 'file-limit-exceeded', /vocabularySize is 1000000000000000/],
    ['513 layers', { num_hidden_layers: 513 }, 'file-limit-exceeded', /layerCount is 513, more than the 512/],
    ['a head size of 514', { head_dim: 514 }, 'file-limit-exceeded', /headSize is 514/],
    ['heads that do not divide', { num_key_value_heads: 3 }, 'file-malformed', /cannot share/],
    ['an epsilon of 1e999', { rms_norm_eps: 1 }, 'file-malformed', /normEpsilon is 1/],
    ['a tie that is text', { tie_word_embeddings: 'yes' }, 'file-malformed', /neither true nor false/],
    ['gelu', { hidden_act: 'gelu' }, 'format-unsupported', /activation "gelu"/],
    ['quantised weights', { quantization_config: { quant_method: 'gptq' } }, 'format-unsupported', /quantised by gptq/],
    [
      'a sliding window of no size',
      { layer_types: ['full_attention', 'sliding_attention'], sliding_window: 0 },
      'format-unsupported',
      /sliding-window/,
    ],
    [
      'layers of another kind',
      { layer_types: ['full_attention', 'linear_attention'], sliding_window: 32 },
      'format-unsupported',
      /linear_attention/,
    ],
    [
      'layers of no kind',
      { layer_types: [{ toString: 1, valueOf: 2 }], sliding_window: 32 },
      'format-unsupported',
      /toString/,
    ],
    [
      'a classifier',
      { architectures: ['Qwen2ForTokenClassification'] },
      'format-unsupported',
      /Qwen2ForTokenClassification.*ForCausalLM/,
    ],
    ['longrope', { rope_scaling: { type: 'longrope', factor: 2 } }, 'format-unsupported', /rope scaling "longrope"/],
    [
      'rope by layer type',
      { rope_parameters: { full_attention: { rope_type: 'default' } } },
      'format-unsupported',
      /by layer type/,
    ],
    ['rope that is a list', { rope_scaling: [] }, 'format-unsupported', /no object/],
    ['partial rope', { partial_rotary_factor: 0.5 }, 'format-unsupported', /part of each head/],
    ['linear without a factor', { rope_scaling: { type: 'linear' } }, 'file-malformed', /"factor" is missing/],
    ['a factor of 0', { rope_scaling: { type: 'linear', factor: 0 } }, 'file-malformed', /factor is 0/],
    [
      'equal llama3 factors',
      { rope_scaling: { type: 'llama3', factor: 8, low_freq_factor: 4, high_freq_factor: 4 } },
      'file-malformed',
      /high_freq_factor/,
    ],
    [
      'yarn untruncated',
      { rope_scaling: { type: 'yarn', factor: 4, truncate: false } },
      'format-unsupported',
      /without truncation/,
    ],
  ])('%s is refused', async (_, changes, code, message) => {
    await expectFailure(openConfig(changes), code, message)
  })

  test('NaN, which Python writes and JSON has not, is refused', async () => {
    const config = modelConfig().replace('1e-05', 'NaN').replace('0.00001', 'NaN')
    await expectFailure(openSafetensors({ config, weights: [] }), 'file-malformed', /config.json is not valid JSON/)
  })

  test('a number past float64 is refused', async () => {
    const config = modelConfig().replace('"hidden_size":64', '"hidden_size":1e999')
    await expectFailure(openSafetensors({ config, weights: [] }), 'file-malformed', /hiddenSize is Infinity/)
  })

  test('an endless config is refused unread', async () => {
    await expectFailure(
      openSafetensors({ config: ' '.repeat(5_000_000), weights: [] }),
      'file-limit-exceeded',
      /longer than/,
    )
  })

  test('an unknown model_type: of the usual shape it is left to the models, of another it is named', async () => {
    expect((await openConfig({ model_type: 'mistral' })).architecture).toBe('mistral')
    await expectFailure(
      openConfig({ model_type: 'mamba', num_attention_heads: undefined }),
      'architecture-unknown',
      /"mamba"; known are qwen2, qwen3, llama/,
    )
  })
})
