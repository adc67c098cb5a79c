import { tokenizerFromJson } from '@sampan/text'
import { afterEach, describe, expect, it } from 'vitest'
import { huggingFace } from '../hub/hubs.ts'
import { resolveModel } from '../hub/resolve-model.ts'
import { serveHub } from '../hub/testing.ts'
import { browserNetwork } from '../network/network.ts'
import { openConversation } from '../sampan/open-conversation.ts'
import { openSource } from '../test-support/open-source.ts'
import { type Files, type Json, json, released, tensorsOf, text } from '../test-support/released-tiny.ts'
import { sendRange, serveTest } from '../test-support/test-server.ts'
import { describeSource } from './describe-source.ts'
import type { OpenedCheckpoint } from './open-checkpoint.ts'

const template = text('chat_template.jinja')
const weights = released['model.safetensors'] ?? new Uint8Array()
const { 'chat_template.jinja': _, ...untemplated } = released
const { 'model.safetensors': __, ...weightless } = released

const withoutRope = ({ rope_parameters: _, dtype: __, ...config }: Json): Json => config
const templated = (chat_template: unknown): Files => ({
  ...untemplated,
  ...json('tokenizer_config.json', (config) => ({ ...config, chat_template })),
})

const isFirst = (name: string): boolean => name.includes('layers.0.')
const isSecond = (name: string): boolean => !isFirst(name)
const shards = {
  'model-00001-of-00002.safetensors': tensorsOf(isFirst),
  'model-00002-of-00002.safetensors': tensorsOf(isSecond),
}
const index = JSON.stringify({
  metadata: { total_size: 1 },
  weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' },
})

const { 'tokenizer.json': ___, ...untokenized } = released
const { model, added_tokens } = JSON.parse(text('tokenizer.json'))
const slowTokenizer: Files = {
  ...untokenized,
  'vocab.json': JSON.stringify(model.vocab),
  'merges.txt': `#version: 0.2\n${model.merges.map((rule: string | string[]) => [rule].flat().join(' ')).join('\n')}\n`,
}
const addedById = Object.fromEntries(added_tokens.map((token: { id: number }) => [token.id, token]))
const addedByContent = Object.fromEntries(
  added_tokens.map((token: { id: number; content: string }) => [token.content, token.id]),
)

/** One model, as its makers and those who tune and merge it write it. */
const layouts: Readonly<Record<string, Files>> = {
  'as transformers 5 writes it': released,
  'with rope_theta and torch_dtype, as transformers 4 does': {
    ...released,
    ...json('config.json', (config) => ({ ...withoutRope(config), rope_theta: 10000, torch_dtype: 'float16' })),
  },
  'with rope_scaling of null beside rope_theta': {
    ...released,
    ...json('config.json', (config) => ({ ...withoutRope(config), rope_theta: 10000, rope_scaling: null })),
  },
  'with rope_theta beside rope_parameters': {
    ...released,
    ...json('config.json', (config) => ({
      ...withoutRope(config),
      rope_theta: 10000,
      rope_parameters: { rope_type: 'default' },
    })),
  },
  'with no word of layer types or windows': {
    ...released,
    ...json('config.json', ({ layer_types: _, use_sliding_window: __, max_window_layers: ___, ...config }) => config),
  },
  'with no word of tied embeddings': {
    ...released,
    ...json('config.json', ({ tie_word_embeddings: _, ...config }) => config),
  },
  'with a byte order mark': { ...released, 'config.json': `\ufeff${text('config.json')}` },
  'with its template in tokenizer_config.json': templated(template),
  'with its template in a list': templated([
    { name: 'tool_use', template: 'other' },
    { name: 'default', template },
  ]),
  'with one template in a list': templated([{ name: 'chat', template }]),
  'with a template in both places': { ...templated('the older one'), 'chat_template.jinja': template },
  'with its template in chat_template.json': {
    ...untemplated,
    'chat_template.json': JSON.stringify({ chat_template: template }),
  },
  'with more templates': { ...released, 'additional_chat_templates/tool_use.jinja': 'other' },
  'with a generation_config.json': { ...released, 'generation_config.json': '{"eos_token_id":[351],"top_k":20}' },
  'with what training leaves behind': {
    ...released,
    '.gitattributes': '*',
    'README.md': '# A model',
    'optimizer.pt': 'x',
    'training_args.bin': 'x',
    'trainer_state.json': '{}',
    'checkpoint-500/config.json': '{}',
    'checkpoint-500/model.safetensors': 'x',
    'onnx/model.onnx': 'x',
    'original/params.json': '{}',
  },
  'with a slow tokenizer': {
    ...slowTokenizer,
    ...json('tokenizer_config.json', (config) => ({
      ...config,
      tokenizer_class: 'Qwen2Tokenizer',
      added_tokens_decoder: addedById,
    })),
  },
  'with a slow tokenizer of older times': { ...slowTokenizer, 'added_tokens.json': JSON.stringify(addedByContent) },
  'in shards': { ...weightless, ...shards, 'model.safetensors.index.json': index },
  'without the prefix of its tensors': {
    ...released,
    'model.safetensors': tensorsOf(
      () => true,
      (name) => name.replace(/^model\./, ''),
    ),
  },
}

/** Those that nobody can know of who may not list the folder. */
const listedOnly: Readonly<Record<string, Files>> = {
  'in shards without an index': { ...weightless, ...shards },
  'in a file of another name': { ...weightless, 'merged.safetensors': weights },
  'in a folder': Object.fromEntries(Object.entries(released).map(([name, bytes]) => [`final/${name}`, bytes])),
}

/** Those for which a folder must be listed to be read whole. */
const needsList = ['with its template in chat_template.json', 'with more templates']

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const sample = "<|im_start|>I'LL row, 123  boats\n\n 你好\tnow <|im_end|>"
const encoded = tokenizerFromJson(text('tokenizer.json')).encode(sample)
const { signal } = new AbortController()
const options = { hub: huggingFace, network: browserNetwork, signal }

function expectTiny(opened: OpenedCheckpoint): void {
  const { checkpoint, texts, name } = opened
  expect(checkpoint.config).toMatchObject({ architecture: 'qwen2', ropeBase: 10000, tiedEmbeddings: true })
  expect(checkpoint.config.ropeScaling).toEqual({ kind: 'none' })
  expect(checkpoint.tensors.size).toBe(26)
  const conversation = openConversation(checkpoint, texts, name)
  expect(conversation.tokenizer.encode(sample)).toEqual(encoded)
  expect(conversation.template.render([{ role: 'user', content: 'Hi' }], { addGenerationPrompt: true })).toContain(
    'very small boat',
  )
}

describe('a model', () => {
  it.each(Object.entries({ ...layouts, ...listedOnly }))('%s loads from a hub by its id alone', async (_, files) => {
    const test = await serveHub({ 'org/name': { files } })
    ends.push(test.close)
    const source = await describeSource('org/name', test.hub)
    expectTiny(await openSource(source, { ...options, hub: test.hub }))
  })

  it.each(Object.entries({ ...layouts, ...listedOnly }))('%s loads from files on disk', async (_, files) => {
    const chosen = Object.entries(files).map(([path, content]) => {
      const file = new File([Uint8Array.from(Buffer.from(content))], path.split('/').at(-1) ?? '')
      return Object.assign(file, { webkitRelativePath: `my model/${path}` })
    })
    expectTiny(await openSource(await describeSource(chosen, huggingFace), options))
  })

  it('loads from a server of an app that has a page for whatever is not there', async () => {
    const server = await serveTest((request, response) => {
      const content = released[(request.url ?? '').slice('/m/'.length)]
      if (content) sendRange(request, response, content)
      else response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<!doctype html>')
    })
    ends.push(server.close)
    expectTiny(await openSource({ kind: 'url', url: `${server.url}/m/` }, options))
    const model = await resolveModel({ kind: 'url', url: `${server.url}/m/` }, options)
    expect(model.texts.map(({ path }) => path)).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'chat_template.jinja',
    ])
  })

  it.each(Object.entries(layouts).filter(([name]) => !needsList.includes(name)))(
    '%s loads from a folder behind a URL',
    async (_, files) => {
      const server = await serveTest((request, response) => {
        const content = files[decodeURIComponent(request.url ?? '').slice('/m/'.length)]
        if (content === undefined) response.writeHead(404).end()
        else sendRange(request, response, Buffer.from(content))
      })
      ends.push(server.close)
      expectTiny(await openSource(await describeSource(`${server.url}/m`, huggingFace), options))
    },
  )
})
