import { describe, expect, test } from 'vitest'
import { bytesSource } from '../bytes-source.ts'
import { expectFailure } from '../testing.ts'
import { openGguf } from './open-gguf.ts'
import {
  array,
  buildGguf,
  f32,
  modelMetadata,
  type TestGguf,
  type TestTensor,
  type TestValue,
  text,
  u32,
} from './testing.ts'

const open = (file: TestGguf) => openGguf(bytesSource(buildGguf(file), 'test.gguf'))
const openConfig = async (architecture: string, changes: Readonly<Record<string, TestValue | undefined>> = {}) =>
  (await open({ metadata: modelMetadata(architecture, changes) })).config
/** F32 vectors of eight, one after the other. */
const vectors = (...names: readonly string[]): readonly TestTensor[] =>
  names.map((name, index) => ({ name, dimensions: [8], type: 0, offset: index * 32 }))
const withTensors = (architecture: string, tensors: readonly TestTensor[], changes = {}) =>
  open({ metadata: modelMetadata(architecture, changes), tensors, dataBytes: tensors.length * 32 })

describe('names', () => {
  test('every tensor of the three architectures gets its Hugging Face name', async () => {
    const layer = [
      'attn_norm',
      'attn_q',
      'attn_k',
      'attn_v',
      'attn_output',
      'attn_q_norm',
      'attn_k_norm',
      'ffn_norm',
      'ffn_gate',
      'ffn_up',
      'ffn_down',
    ]
    const { tensors } = await withTensors(
      'qwen2',
      vectors(
        'token_embd.weight',
        'output_norm.weight',
        'output.weight',
        ...layer.map((name) => `blk.11.${name}.weight`),
        'blk.0.attn_q.bias',
        'blk.0.constructor.weight',
        'other',
      ),
    )
    expect([...tensors.keys()]).toEqual([
      'embed_tokens.weight',
      'norm.weight',
      'lm_head.weight',
      'layers.11.input_layernorm.weight',
      'layers.11.self_attn.q_proj.weight',
      'layers.11.self_attn.k_proj.weight',
      'layers.11.self_attn.v_proj.weight',
      'layers.11.self_attn.o_proj.weight',
      'layers.11.self_attn.q_norm.weight',
      'layers.11.self_attn.k_norm.weight',
      'layers.11.post_attention_layernorm.weight',
      'layers.11.mlp.gate_proj.weight',
      'layers.11.mlp.up_proj.weight',
      'layers.11.mlp.down_proj.weight',
      'layers.0.self_attn.q_proj.bias',
      'blk.0.constructor.weight',
      'other',
    ])
    for (const [name, tensor] of tensors) expect(tensor.name).toBe(name)
  })

  test('rows of q and k, weights and biases, are interleaved for llama only', async () => {
    const names = ['blk.0.attn_q.weight', 'blk.0.attn_k.bias', 'blk.0.attn_v.weight', 'blk.0.attn_q_norm.weight']
    const sizes = async (architecture: string) =>
      [...(await withTensors(architecture, vectors(...names))).tensors.values()].map(
        (tensor) => tensor.interleavedRopeHeadSize,
      )
    expect(await sizes('llama')).toEqual([16, 16, undefined, undefined])
    expect(await sizes('qwen2')).toEqual([undefined, undefined, undefined, undefined])
  })

  test('two tensors for one place are refused', async () => {
    await expectFailure(
      withTensors('qwen2', vectors('output.weight', 'lm_head.weight')),
      'file-malformed',
      /two tensors for lm_head.weight/,
    )
  })

  test('the head is tied when the file has no output.weight', async () => {
    expect((await withTensors('qwen2', vectors('token_embd.weight'))).config.tiedEmbeddings).toBe(true)
    expect((await withTensors('qwen2', vectors('token_embd.weight', 'output.weight'))).config.tiedEmbeddings).toBe(
      false,
    )
  })
})

describe('config', () => {
  test('from the usual keys', async () => {
    expect(await openConfig('qwen2')).toEqual({
      architecture: 'qwen2',
      hiddenSize: 64,
      layerCount: 1,
      headCount: 4,
      keyValueHeadCount: 2,
      headSize: 16,
      feedForwardSize: 96,
      vocabularySize: 10,
      contextLength: 128,
      normEpsilon: Math.fround(1e-6),
      ropeBase: 10_000,
      ropeScaling: { kind: 'none' },
      tiedEmbeddings: true,
    })
  })

  test('an explicit head size, a missing key/value head count, the token list as vocabulary', async () => {
    const config = await openConfig('qwen3', {
      'qwen3.attention.key_length': u32(32),
      'qwen3.attention.value_length': u32(32),
      'qwen3.attention.head_count_kv': undefined,
      'qwen3.vocab_size': undefined,
      'tokenizer.ggml.tokens': array(8, [text('a'), text('b')]),
      'qwen3.rope.freq_base': f32(1e6),
    })
    expect(config).toMatchObject({ headSize: 32, keyValueHeadCount: 4, vocabularySize: 2, ropeBase: 1e6 })
  })

  test.each<[string, Readonly<Record<string, TestValue>>, unknown]>([
    ['none', { 'llama.rope.scaling.type': text('none') }, { kind: 'none' }],
    [
      'linear',
      { 'llama.rope.scaling.type': text('linear'), 'llama.rope.scaling.factor': f32(4) },
      { kind: 'linear', factor: 4 },
    ],
    [
      'linear by one',
      { 'llama.rope.scaling.type': text('linear'), 'llama.rope.scaling.factor': f32(1) },
      { kind: 'none' },
    ],
    ['the old linear key', { 'llama.rope.scale_linear': f32(2) }, { kind: 'linear', factor: 2 }],
    [
      'yarn',
      {
        'llama.rope.scaling.type': text('yarn'),
        'llama.rope.scaling.factor': f32(4),
        'llama.rope.scaling.original_context_length': u32(32),
      },
      {
        kind: 'yarn',
        factor: 4,
        originalContextLength: 32,
        attentionFactor: 1 + 0.1 * Math.log(4),
        betaFast: 32,
        betaSlow: 1,
      },
    ],
  ])('rope scaling: %s', async (_, changes, expected) => {
    expect((await openConfig('llama', changes)).ropeScaling).toEqual(expected)
  })

  test('rope_freqs.weight becomes divisors and is no weight', async () => {
    const bytes = buildGguf({ metadata: modelMetadata('llama'), tensors: vectors('rope_freqs.weight'), dataBytes: 32 })
    new Float32Array(bytes.buffer, bytes.length - 32).set([1, 1, 1, 1.5, 2, 4, 8, 8])
    const { config, tensors } = await openGguf(bytesSource(bytes, 'test.gguf'))
    expect(config.ropeScaling).toEqual({ kind: 'divisors', divisors: [1, 1, 1, 1.5, 2, 4, 8, 8] })
    expect(tensors.size).toBe(0)
  })

  const ropeFreqs = (change: Partial<TestTensor>): Promise<unknown> =>
    withTensors('llama', [{ name: 'rope_freqs.weight', dimensions: [8], type: 0, offset: 0, ...change }])
  test('rope_freqs.weight of zeros, of another type, length or size is refused', async () => {
    await expectFailure(ropeFreqs({}), 'file-malformed', /ropeScaling.divisors\[0\] is 0/)
    await expectFailure(ropeFreqs({ type: 1 }), 'file-malformed', /rope_freqs.weight is not a list/)
    await expectFailure(ropeFreqs({ dimensions: [4] }), 'file-malformed', /divisors/)
    const large = open({
      metadata: modelMetadata('llama'),
      tensors: [{ name: 'rope_freqs.weight', dimensions: [100_000], type: 0, offset: 0 }],
      dataBytes: 400_000,
    })
    await expectFailure(large, 'file-malformed', /at most 256 F32 values/)
  })

  test.each<
    [
      string,
      Readonly<Record<string, TestValue | undefined>>,
      'file-malformed' | 'file-limit-exceeded' | 'format-unsupported',
      RegExp,
    ]
  >([
    [
      'no architecture',
      { 'general.architecture': undefined },
      'file-malformed',
      /does not name its general.architecture/,
    ],
    ['an architecture that is a number', { 'general.architecture': u32(1) }, 'file-malformed', /does not name/],
    ['no hidden size', { 'llama.embedding_length': undefined }, 'file-malformed', /llama.embedding_length is missing/],
    ['no layer count', { 'llama.block_count': undefined }, 'file-malformed', /llama.block_count is missing/],
    ['no vocabulary', { 'llama.vocab_size': undefined }, 'file-malformed', /llama.vocab_size is missing/],
    [
      'a hidden size that is text',
      { 'llama.embedding_length': text('64') },
      'file-malformed',
      /is not a single number/,
    ],
    [
      'head counts by layer',
      { 'llama.attention.head_count': array(4, [u32(4)]) },
      'file-malformed',
      /is not a single number/,
    ],
    ['no heads', { 'llama.attention.head_count': u32(0) }, 'file-malformed', /headCount is 0|headSize is Infinity/],
    [
      'a hidden size of 100,000',
      { 'llama.embedding_length': u32(100_000) },
      'file-limit-exceeded',
      /hiddenSize is 100000/,
    ],
    ['4 billion layers', { 'llama.block_count': u32(2 ** 32 - 1) }, 'file-limit-exceeded', /layerCount/],
    [
      'heads that do not divide',
      { 'llama.attention.head_count_kv': u32(3) },
      'file-malformed',
      /4 heads cannot share 3/,
    ],
    [
      'more key heads than heads',
      { 'llama.attention.head_count_kv': u32(8) },
      'file-malformed',
      /4 heads cannot share 8/,
    ],
    ['a fractional head size', { 'llama.embedding_length': u32(62) }, 'file-malformed', /headSize is 15.5/],
    ['an odd head size', { 'llama.embedding_length': u32(60) }, 'file-malformed', /headSize 15 is odd/],
    [
      'an epsilon of NaN',
      { 'llama.attention.layer_norm_rms_epsilon': f32(Number.NaN) },
      'file-malformed',
      /normEpsilon is NaN/,
    ],
    ['an epsilon of 0', { 'llama.attention.layer_norm_rms_epsilon': f32(0) }, 'file-malformed', /normEpsilon is 0/],
    [
      'a rope base of infinity',
      { 'llama.rope.freq_base': f32(Number.POSITIVE_INFINITY) },
      'file-malformed',
      /ropeBase is Infinity/,
    ],
    [
      'a linear factor of NaN',
      { 'llama.rope.scaling.type': text('linear'), 'llama.rope.scaling.factor': f32(Number.NaN) },
      'file-malformed',
      /factor is NaN/,
    ],
    [
      'a linear factor of -1',
      { 'llama.rope.scaling.type': text('linear'), 'llama.rope.scaling.factor': f32(-1) },
      'file-malformed',
      /factor is -1/,
    ],
    ['longrope', { 'llama.rope.scaling.type': text('longrope') }, 'format-unsupported', /rope scaling "longrope"/],
    ['partial rope', { 'llama.rope.dimension_count': u32(8) }, 'format-unsupported', /rope on a part of each head/],
    ['values of another size', { 'llama.attention.value_length': u32(8) }, 'format-unsupported', /value size other/],
  ])('%s is refused', async (_, changes, code, message) => {
    await expectFailure(openConfig('llama', changes), code, message)
  })

  test.each([
    [0, 128],
    [128, 128],
    [32, 32],
  ])('a window of %i limits the context to %i, so that it changes nothing', async (window, contextLength) => {
    const config = await openConfig('llama', { 'llama.attention.sliding_window': u32(window) })
    expect(config.contextLength).toBe(contextLength)
  })
})

describe('an architecture that is not known', () => {
  test('of the usual shape is left to the models to refuse', async () => {
    expect((await openConfig('newthing')).architecture).toBe('newthing')
  })

  test('of another shape is named, with those that are known', async () => {
    const changes = { 'mamba.attention.head_count': undefined }
    await expectFailure(
      openConfig('mamba', changes),
      'architecture-unknown',
      /architecture "mamba"; known are qwen2, qwen3, llama/,
    )
  })

  test('may be called like a property of every object', async () => {
    const changes = { 'constructor.attention.head_count': undefined }
    await expectFailure(openConfig('constructor', changes), 'architecture-unknown', /"constructor"/)
  })
})
