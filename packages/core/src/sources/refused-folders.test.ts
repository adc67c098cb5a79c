import { describe, expect, it } from 'vitest'
import { indexOf, merged, openFolder, pointer, untemplated, weightless, whole } from '../test-support/odd-folder.ts'
import { asDoubles, type Files, json, released, withTensors } from '../test-support/released-tiny.ts'

// What strangers publish and nothing here runs: the error says what to do about it.

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
    const failed: unknown = await openFolder(files).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code, message: expect.stringMatching(message) })
  })
})
