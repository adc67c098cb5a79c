import { planGpuBytes } from '@sampan/engine'
import { afterEach, describe, expect, it } from 'vitest'
import { serveHub } from '../hub/testing.ts'
import { browserNetwork } from '../network/network.ts'
import { openConversation } from '../sampan/open-conversation.ts'
import { openSource } from '../test-support/open-source.ts'
import {
  asDoubles,
  type Files,
  type Json,
  json,
  released,
  tensorsOf,
  text,
  withTensors,
} from '../test-support/released-tiny.ts'
import { describeSource } from './describe-source.ts'

// What strangers publish: every folder loads as transformers would load it, or says what to do about it.

const everything = (): boolean => true
const { 'model.safetensors': whole = new Uint8Array(), ...weightless } = released
const template = text('chat_template.jinja')
const { 'chat_template.jinja': _, ...untemplated } = released
const config = (change: (object: Json) => Json): Files => ({ ...released, ...json('config.json', change) })
const merged = (more: Json): Files => config((object) => ({ ...object, ...more }))
const without = (...names: readonly string[]): Files =>
  config((object) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))))
const indexOf = (...shards: readonly string[]): string =>
  JSON.stringify({ weight_map: Object.fromEntries(shards.map((shard, index) => [`t${index}`, shard])) })
const isFirst = (name: string): boolean => name.includes('layers.0.')
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 988097824\n`
const shards = {
  'model-00001-of-00002.safetensors': tensorsOf(isFirst),
  'model-00002-of-00002.safetensors': tensorsOf((name) => !isFirst(name)),
}

const traits = {
  features: ['shader-f16', 'subgroups'],
  limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 },
  ...{ vendor: 'made-up', architecture: '', description: '', software: false },
}

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** All that `load` does before weights are read. */
async function open(files: Files) {
  const test = await serveHub({ 'org/name': { files } })
  ends.push(test.close)
  const options = { hub: test.hub, network: browserNetwork, signal: new AbortController().signal }
  const { checkpoint, texts, name } = await openSource(await describeSource('org/name', test.hub), options)
  const conversation = openConversation(checkpoint, texts, name)
  planGpuBytes(checkpoint, {}, traits)
  const prompt = conversation.template.render([{ role: 'user', content: 'Hi' }], { addGenerationPrompt: true })
  return { config: checkpoint.config, ends: [...conversation.tokenizer.endTokenIds], prompt, checkpoint }
}

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
    const { config, prompt } = await open(files)
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
    expect((await open(files)).prompt).toContain(expected)
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
    expect((await open(files)).ends).toEqual(expect.arrayContaining([...expected]))
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
    const test = await serveHub({ 'org/name': { files } })
    ends.push(test.close)
    const options = { hub: test.hub, network: browserNetwork, signal: new AbortController().signal }
    const { checkpoint, texts } = await openSource(await describeSource('org/name', test.hub), options)
    expect(openConversation(checkpoint, texts, 'x').tokenizer.encode('<|extra|>')).toEqual([352])
  })
})

describe('tells what to do about', () => {
  const quantized = (quant_method: string): Files => merged({ quantization_config: { quant_method, bits: 4 } })
  it.each<[string, Files, string, RegExp]>([
    ['bitsandbytes', quantized('bitsandbytes'), 'format-unsupported', /bitsandbytes.*unquantised model or a GGUF/],
    ['GPTQ', quantized('gptq'), 'format-unsupported', /gptq.*unquantised model or a GGUF/],
    ['AWQ', quantized('awq'), 'format-unsupported', /awq.*unquantised model or a GGUF/],
    ['fp8', quantized('fp8'), 'format-unsupported', /fp8.*unquantised model or a GGUF/],
    [
      'PyTorch weights only',
      { ...weightless, 'pytorch_model.bin': 'x' },
      'source-not-found',
      /take another copy|name another/,
    ],
    [
      'an adapter only',
      { 'adapter_config.json': '{}', 'adapter_model.safetensors': 'x' },
      'source-not-found',
      /base model with this as one of its adapters/,
    ],
    [
      'an index that climbs out',
      { ...weightless, 'a.safetensors': whole, 'model.safetensors.index.json': indexOf('../../a.safetensors') },
      'file-malformed',
      /./,
    ],
    [
      'an index that names an address',
      { ...weightless, 'a.safetensors': whole, 'model.safetensors.index.json': indexOf('/etc/a.safetensors') },
      'file-malformed',
      /./,
    ],
    [
      'a shard that is missing',
      {
        ...weightless,
        'model-00001-of-00002.safetensors': 'x',
        'model.safetensors.index.json': indexOf('model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'),
      },
      'source-not-found',
      /lacks model-00002.*take another copy/,
    ],
    [
      'pictures',
      merged({ model_type: 'qwen2_5_vl', architectures: ['Qwen2_5_VLForConditionalGeneration'], vision_config: {} }),
      'architecture-unknown',
      /choose one of these/,
    ],
    [
      'experts',
      merged({ model_type: 'qwen3_moe', architectures: ['Qwen3MoeForCausalLM'], num_experts: 128 }),
      'architecture-unknown',
      /choose one of these/,
    ],
    [
      'a classifier',
      merged({ architectures: ['Qwen2ForSequenceClassification'] }),
      'format-unsupported',
      /ForSequenceClassification.*ForCausalLM/,
    ],
    [
      'a reward model',
      merged({ architectures: ['Qwen2ForRewardModel'] }),
      'format-unsupported',
      /ForRewardModel.*ForCausalLM/,
    ],
    [
      'an embedding model',
      { ...released, 'modules.json': '[]', 'config_sentence_transformers.json': '{}' },
      'format-unsupported',
      /take a chat model/,
    ],
    [
      'longrope',
      merged({ rope_parameters: { rope_type: 'longrope', long_factor: [1], short_factor: [1] } }),
      'format-unsupported',
      /longrope.*Use another model/,
    ],
    [
      'doubles',
      { ...released, 'model.safetensors': asDoubles() },
      'format-unsupported',
      /F64.*Use safetensors in BF16, F16 or F32/,
    ],
    [
      'tensors of another architecture',
      withTensors({ 'model.layers.0.mlp.router.weight': { dtype: 'F32', shape: [4, 64] } }),
      'format-unsupported',
      /another architecture|adapter that must be merged/,
    ],
    ['a base model', untemplated, 'template-missing', /-Instruct or -Chat/],
    [
      'a tokenizer that is missing',
      Object.fromEntries(Object.entries(released).filter(([name]) => name !== 'tokenizer.json')),
      'source-not-found',
      /take another copy/,
    ],
    ['a config that is none', { ...released, 'config.json': '<html>' }, 'file-malformed', /./],
    ['weights left in Git LFS', { ...released, 'model.safetensors': pointer }, 'file-malformed', /git lfs pull/],
    ['a config left in Git LFS', { ...released, 'config.json': pointer }, 'file-malformed', /git lfs pull/],
    ['a tokenizer left in Git LFS', { ...released, 'tokenizer.json': pointer }, 'not-a-model-file', /git lfs pull/],
    ['weights of no bytes', { ...released, 'model.safetensors': '' }, 'file-truncated', /is empty/],
    [
      'a template that is empty',
      { ...untemplated, ...json('tokenizer_config.json', (object) => ({ ...object, chat_template: '' })) },
      'template-missing',
      /-Instruct or -Chat/,
    ],
    [
      'a list of no templates',
      { ...untemplated, ...json('tokenizer_config.json', (object) => ({ ...object, chat_template: [] })) },
      'template-missing',
      /-Instruct or -Chat/,
    ],
    [
      'rope on half of each head',
      merged({ partial_rotary_factor: 0.5 }),
      'format-unsupported',
      /partial_rotary_factor/,
    ],
    ['sizes beyond all bounds', merged({ hidden_size: 1e30 }), 'file-malformed', /another copy/],
    [
      'checkpoints in folders',
      Object.fromEntries(
        ['checkpoint-1', 'checkpoint-2'].flatMap((folder) =>
          Object.entries(released).map(([name, bytes]) => [`${folder}/${name}`, bytes]),
        ),
      ),
      'source-ambiguous',
      /org\/name:checkpoint-1\//,
    ],
  ])('%s', async (_, files, code, message) => {
    const failed: unknown = await open(files).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code, message: expect.stringMatching(message) })
  })
})
