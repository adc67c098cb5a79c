import { describe, expect, it } from 'vitest'
import {
  everything,
  indexOf,
  merged,
  openFolder,
  shards,
  template,
  untemplated,
  weightless,
  whole,
  without,
} from '../test-support/odd-folder.ts'
import { type Files, json, released, tensorsOf, text, withTensors } from '../test-support/released-tiny.ts'

// What strangers publish: every folder loads as transformers would load it.

const plain = { architecture: 'qwen2', contextLength: 512, tiedEmbeddings: true, ropeScaling: { kind: 'none' } }

describe('loads', () => {
  it.each<[string, Files, object]>([
    [
      'what a trainer leaves behind',
      { ...released, 'optimizer.pt': 'x', 'scheduler.pt': 'x', 'rng_state.pth': 'x' },
      plain,
    ],
    ['PyTorch weights beside', { ...released, 'pytorch_model.bin': 'x', 'pytorch_model.bin.index.json': '{}' }, plain],
    ['consolidated weights beside', { ...released, 'consolidated.safetensors': 'x', 'params.json': '{}' }, plain],
    [
      'an adapter beside the whole',
      { ...released, 'adapter_model.safetensors': 'x', 'adapter_config.json': '{}' },
      plain,
    ],
    [
      'an adapter beside weights of another name',
      { ...weightless, 'merged.safetensors': whole, 'adapter_model.safetensors': 'x' },
      plain,
    ],
    ['a GGUF file beside', { ...released, 'name-Q4_K_M.gguf': 'x' }, plain],
    [
      'consolidated weights beside shards',
      {
        ...weightless,
        ...shards,
        'consolidated.safetensors': 'x',
        'model.safetensors.index.json': indexOf(...Object.keys(shards)),
      },
      plain,
    ],
    [
      'the index of another model, as merges keep it',
      { ...weightless, ...shards, 'model.safetensors.index.json': indexOf('model-00001-of-00004.safetensors') },
      plain,
    ],
    [
      'shards of other names',
      {
        ...weightless,
        'a.safetensors': shards['model-00001-of-00002.safetensors'],
        'b.safetensors': shards['model-00002-of-00002.safetensors'],
        'model.safetensors.index.json': indexOf('a.safetensors', 'b.safetensors'),
      },
      plain,
    ],
    ["mergekit's recipe beside", { ...released, 'mergekit_config.yml': 'merge_method: slerp' }, plain],
    ['no word of tied embeddings', without('tie_word_embeddings'), plain],
    ['no head size', without('head_dim'), plain],
    ['no number of key heads', merged({ num_key_value_heads: 2, head_dim: null }), plain],
    [
      'a head beside embeddings that are tied to it',
      withTensors({ 'lm_head.weight': { dtype: 'F32', shape: [352, 64] } }),
      plain,
    ],
    [
      'a head only, of embeddings that are tied to it',
      {
        ...released,
        'model.safetensors': tensorsOf(everything, (name) => name.replace('model.embed_tokens', 'lm_head')),
      },
      plain,
    ],
    [
      'tables of old versions',
      withTensors({
        'model.layers.0.self_attn.rotary_emb.inv_freq': { dtype: 'F32', shape: [8] },
        'model.rotary_emb.inv_freq': { dtype: 'F64', shape: [8] },
        'model.layers.0.attn.masked_bias': { dtype: 'BOOL', shape: [1] },
      }),
      plain,
    ],
    [
      'a window that is switched off',
      merged({ use_sliding_window: false, sliding_window: 16, layer_types: undefined }),
      plain,
    ],
    [
      'a window that no layer uses',
      merged({ use_sliding_window: true, sliding_window: 16, max_window_layers: 2, layer_types: undefined }),
      plain,
    ],
    [
      'a window, within which it is as without',
      merged({ use_sliding_window: true, sliding_window: 128, max_window_layers: 1, layer_types: undefined }),
      { ...plain, contextLength: 128 },
    ],
    [
      'layers with a window',
      merged({ sliding_window: 128, layer_types: ['full_attention', 'sliding_attention'] }),
      { ...plain, contextLength: 128 },
    ],
    [
      'yarn',
      merged({
        rope_parameters: { rope_type: 'yarn', rope_theta: 1e6, factor: 4, original_max_position_embeddings: 128 },
      }),
      { ropeBase: 1e6, ropeScaling: { kind: 'yarn', factor: 4, originalContextLength: 128 } },
    ],
    [
      'yarn of older times',
      merged({
        rope_parameters: undefined,
        rope_theta: 1e6,
        rope_scaling: { type: 'yarn', factor: 4, original_max_position_embeddings: 128 },
      }),
      { ropeBase: 1e6, ropeScaling: { kind: 'yarn', factor: 4 } },
    ],
    [
      'linear scaling',
      merged({ rope_parameters: undefined, rope_scaling: { type: 'linear', factor: 2 } }),
      { ropeBase: 10_000, ropeScaling: { kind: 'linear', factor: 2 } },
    ],
    ['dynamic scaling', merged({ rope_parameters: undefined, rope_scaling: { type: 'dynamic', factor: 2 } }), plain],
    [
      "Llama 3's scaling",
      merged({
        rope_parameters: {
          rope_type: 'llama3',
          factor: 8,
          low_freq_factor: 1,
          high_freq_factor: 4,
          original_max_position_embeddings: 256,
        },
      }),
      { ropeScaling: { kind: 'llama3', factor: 8 } },
    ],
    ['dtype', merged({ dtype: 'bfloat16', torch_dtype: undefined }), plain],
    [
      'a class of its own that writes text',
      merged({ architectures: ['MyQwen2ForCausalLM'], auto_map: { AutoModel: 'x.y' } }),
      plain,
    ],
    ['no class', without('architectures'), plain],
    [
      "the value head of TRL's trainers",
      withTensors({ 'v_head.summary.weight': { dtype: 'F32', shape: [1, 64] } }),
      plain,
    ],
    ['a name with spaces, signs and other letters', { ...weightless, '模型 #1 100%?.safetensors': whole }, plain],
    ['shards under the name of PyTorch', { ...weightless, 'pytorch_model-00001-of-00001.safetensors': whole }, plain],
    ['an ending in capitals', { ...weightless, 'MODEL.SAFETENSORS': whole }, plain],
    [
      'rope_scaling that scales nothing',
      merged({ rope_parameters: undefined, rope_scaling: { type: 'default' } }),
      plain,
    ],
    ['rope_scaling that is empty', merged({ rope_parameters: undefined, rope_scaling: {} }), plain],
    [
      'a tokenizer that pads and cuts, as training left it',
      {
        ...released,
        ...json('tokenizer.json', (object) => ({
          ...object,
          truncation: { max_length: 4, strategy: 'LongestFirst', stride: 0, direction: 'Right' },
          padding: { strategy: { Fixed: 9 }, pad_id: 0, pad_token: 'x', pad_type_id: 0, direction: 'Right' },
        })),
      },
      plain,
    ],
    [
      'a length that is more than numbers hold',
      {
        ...released,
        'tokenizer_config.json': text('tokenizer_config.json').replace(
          '{',
          '{"model_max_length":1000000000000000019884624838656,',
        ),
      },
      plain,
    ],
    ['byte order marks', { ...released, 'tokenizer.json': `\ufeff${text('tokenizer.json')}` }, plain],
    ['lines that end as on Windows', { ...released, 'chat_template.jinja': template.replaceAll('\n', '\r\n') }, plain],
    ['the base class', merged({ architectures: ['Qwen2Model'] }), plain],
  ])('%s', async (_, files, expected) => {
    const { config, prompt } = await openFolder(files)
    expect(config).toMatchObject(expected)
    expect(prompt).toContain('very small boat')
  })

  it.each<[string, Files, string]>([
    [
      'in a list with one for tools',
      {
        ...untemplated,
        ...json('tokenizer_config.json', (object) => ({
          ...object,
          chat_template: [
            { name: 'default', template },
            { name: 'tool_use', template: 'tools' },
          ],
        })),
      },
      'very small boat',
    ],
    [
      'in two places, of which the file counts',
      { ...released, ...json('tokenizer_config.json', (object) => ({ ...object, chat_template: 'the old one' })) },
      'very small boat',
    ],
  ])('a template %s', async (_, files, expected) => {
    expect((await openFolder(files)).prompt).toContain(expected)
  })

  const endless = json('tokenizer_config.json', ({ eos_token: _, ...object }) => object)
  it.each<[string, Files, readonly number[]]>([
    [
      'a number in config.json',
      { ...released, ...endless, ...json('config.json', (object) => ({ ...object, eos_token_id: 7 })) },
      [7],
    ],
    [
      'a list in config.json',
      { ...released, ...endless, ...json('config.json', (object) => ({ ...object, eos_token_id: [7, 8] })) },
      [7, 8],
    ],
    [
      'nothing in config.json',
      { ...released, ...endless, ...json('config.json', ({ eos_token_id: _, ...object }) => object) },
      [],
    ],
    [
      'a list in generation_config.json, which counts first',
      { ...released, ...endless, 'generation_config.json': '{"eos_token_id":[9,10]}' },
      [9, 10],
    ],
    [
      'null in generation_config.json',
      {
        ...released,
        ...endless,
        ...json('config.json', (object) => ({ ...object, eos_token_id: 7 })),
        'generation_config.json': '{"eos_token_id":null}',
      },
      [7],
    ],
    [
      'a generation_config.json that is none',
      {
        ...released,
        ...endless,
        ...json('config.json', (object) => ({ ...object, eos_token_id: 7 })),
        'generation_config.json': '<html>',
      },
      [7],
    ],
  ])('ends of an answer: %s', async (_, files, expected) => {
    expect((await openFolder(files)).ends).toEqual(expect.arrayContaining([...expected]))
  })

  it('tokens that only tokenizer_config.json adds', async () => {
    const { added_tokens: added } = JSON.parse(text('tokenizer.json'))
    const extra = {
      content: '<|extra|>',
      special: true,
      lstrip: false,
      rstrip: false,
      normalized: false,
      single_word: false,
    }
    const decoder = { ...Object.fromEntries(added.map((token: { id: number }) => [token.id, token])), 352: extra }
    const files = {
      ...released,
      ...json('tokenizer_config.json', (object) => ({ ...object, added_tokens_decoder: decoder })),
    }
    const { conversation } = await openFolder(files)
    expect(conversation.tokenizer.encode('<|extra|>')).toEqual([352])
  })
})
