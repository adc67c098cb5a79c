import { existsSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { MlcModel, ReplyPlace } from '@sampan/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openTestPage, type TestPage } from '../../packages/core/src/test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../../packages/core/src/test-support/test-server.ts'
import { tinyFolder } from '../../packages/core/src/test-support/tiny-folder.ts'
import type { Subject } from './asking.ts'
import { behaviours } from './behaviours.ts'
import { checkRefusal, type Feature, featureBehaviours } from './feature-behaviours.ts'
import {
  ask,
  countTokens,
  dispose,
  fetchFrom,
  loadOnPage,
  type PlainOptions,
  type PlainSource,
  placesOf,
} from './page-models.ts'
import { serveApi } from './serve-api.ts'

// One table of behaviours, through the public API, in a real page, over every backend.
const pocket = readFileSync(new URL('../../packages/pocket/pocket.gguf', import.meta.url))
const safetensors = tinyFolder()
/** By hand, a server takes the table too, and a model in MLC's format: its library, a file, and its weights, a folder or a URL. */
const ownServer = process.env['SAMPAN_CONFORMANCE_SERVER']
const { SAMPAN_CONFORMANCE_MLC_LIB: ownLibrary, SAMPAN_CONFORMANCE_MLC_WEIGHTS: ownWeights } = process.env
const isRemote = /^https?:/.test(ownWeights ?? '')

function mlcModel(): MlcModel {
  const model = isRemote ? (ownWeights ?? '') : `${files.url}/weights/resolve/main/`
  return { id: 'test-mlc', model, modelLib: `${files.url}/mlc/model.wasm` }
}

/** What the page may fetch: Pocket under any name, a folder of safetensors, and what was named by hand. */
function contentOf(path: string): Buffer | undefined {
  const [, folder, name = ''] = /^\/(folder|mlc|weights\/resolve\/main)\/([^/]*)$/.exec(path) ?? []
  if (folder === undefined) return pocket
  if (folder === 'folder') return safetensors.get(name)
  const file = folder === 'mlc' ? ownLibrary : join(ownWeights ?? '', name)
  return file !== undefined && existsSync(file) ? readFileSync(file) : undefined
}

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

let test: TestPage
let files: TestServer
let api: TestServer

beforeAll(async () => {
  test = await openTestPage()
  files = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    const content = contentOf(request.url ?? '')
    if (content) sendRange(request, response, content)
    else response.writeHead(404).end()
  })
})
afterAll(async () => {
  await test?.close()
  await files?.close()
  await api?.close()
})

interface Candidate {
  readonly name: string
  readonly backend: ReplyPlace['backend']
  readonly source: () => PlainSource
  readonly options: () => PlainOptions
  readonly refuses: readonly Feature[]
  /** Why it is not run here. */
  readonly absent?: string
}

const serverRefuses: readonly Feature[] = ['thinking_budget', 'truncation', 'countTokens', 'text_completions']
const onServer = (url: string): Pick<Candidate, 'source' | 'options'> => ({
  source: () => ({ server: { url } }),
  options: () => ({ consent: { [new URL(url).origin]: { apiKey: 'none-but-a-key' } } }),
})

const candidates: readonly Candidate[] = [
  {
    ...{ name: 'sampan', backend: 'sampan', refuses: [] },
    source: () => `${files.url}/pocket.gguf`,
    options: () => ({ backend: 'sampan' }),
  },
  {
    ...{ name: 'wllama', backend: 'wllama', refuses: [] },
    // There is no GPU here: `auto` goes to the CPU.
    source: () => `${files.url}/pocket.gguf`,
    options: () => ({}),
  },
  {
    ...{ name: 'openai-compatible', backend: 'openai-compatible' },
    // Of which nothing is assumed beyond OpenAI's own API.
    refuses: [
      ...serverRefuses,
      ...(['top_k', 'min_p', 'repetition_penalty', 'reasoning', 'chat_template_kwargs'] as const),
      ...(['continue_final_message', 'cache_prompt'] as const),
    ],
    source: () => ({ server: { url: `${api.url}/v1` } }),
    options: () => onServer(api.url).options(),
  },
  ...(ownServer === undefined
    ? []
    : [
        {
          name: `the server at ${ownServer}`,
          backend: 'openai-compatible',
          refuses: serverRefuses,
          ...onServer(ownServer),
        } as const,
      ]),
  {
    ...{ name: 'web-llm', backend: 'web-llm' },
    refuses: [
      'logprobs',
      'top_k',
      'min_p',
      'tools',
      'reasoning',
      'thinking_budget',
      'chat_template_kwargs',
      'continue_final_message',
      'countTokens',
      'text_completions',
      'truncation',
    ],
    source: () => ({ mlc: mlcModel() }),
    options: () => ({}),
    ...((ownLibrary === undefined || ownWeights === undefined) && {
      absent: 'no compiled library can be had here: npm run test:mlc runs it with one',
    }),
  },
]

describe.each(candidates)('$name', ({ name, backend, source, options, refuses, absent }) => {
  const model: Subject = {
    ask: (request, reading) => ask(test.page, name, request, reading),
    countTokens: (request) => countTokens(test.page, name, request),
    fetch: (path, body) => fetchFrom(test.page, name, path, body),
  }
  const run = absent === undefined ? it : it.skip
  const told = (behaviour: string): string => (absent === undefined ? behaviour : `${behaviour} (${absent})`)

  run(told('loads, and says what it runs on'), async () => {
    // The server that is tested answers by the model tested before it.
    if (backend === 'openai-compatible') api ??= await serveApi(test.page, 'wllama')
    expect(await loadOnPage(test.page, name, source(), options())).toMatchObject({ backend })
  })
  for (const behaviour of behaviours) run(told(behaviour.name), () => behaviour.check(model))
  for (const behaviour of featureBehaviours)
    if (refuses.includes(behaviour.feature))
      run(told(`refuses ${behaviour.feature} by name`), () => checkRefusal(model, behaviour))
    else run(told(behaviour.name), () => behaviour.check(model))

  run(told('says once for each reply where it was computed'), async () => {
    await placesOf(test.page, name)
    const request = { messages: [{ role: 'user', content: 'Hello' }], temperature: 0, max_tokens: 2 }
    const { place } = await ask(test.page, name, request)
    expect(place).toMatchObject({ backend, where: backend === 'openai-compatible' ? 'server' : 'device' })
    await ask(test.page, name, { ...request, n: 2 }, { whole: true })
    await ask(test.page, name, { ...request, temperature: 'hot' })
    expect(await placesOf(test.page, name)).toEqual([place, place, place])
  })
})

const hello = { messages: [{ role: 'user', content: 'Hello' }], temperature: 0, max_tokens: 4 }

describe('without a GPU', () => {
  it('auto says what to do with a model that the CPU does not run', async () => {
    expect(await loadOnPage(test.page, 'none', `${files.url}/folder/`, {})).toMatchObject({
      ...{ code: 'webgpu-unavailable', typed: true },
      details: { reason: 'software-adapter', cpu: 'safetensors' },
    })
  })

  it('a rule takes such a model to a server, with consent only', async () => {
    const fallback = [{ when: ['webgpu-unavailable'], to: { server: { url: `${api.url}/v1` } } }] as const
    const load = (options: PlainOptions): ReturnType<typeof loadOnPage> =>
      loadOnPage(test.page, 'rule', `${files.url}/folder/`, { fallback, ...options })
    expect(await load({})).toMatchObject({ code: 'consent-missing', details: { code: 'webgpu-unavailable' } })
    expect(await load({ consent: { [api.url]: true } })).toMatchObject({ backend: 'openai-compatible' })
    expect(await ask(test.page, 'rule', hello)).toMatchObject({
      ...{ error: undefined, choices: [{ content: expect.stringMatching(/\S/) }] },
      place: { where: 'server', host: new URL(api.url).host, reason: 'webgpu-unavailable' },
    })
    await dispose(test.page, 'rule')
  })

  it('a rule takes what is too long for the model here to a server, and nothing else', async () => {
    const options: PlainOptions = {
      contextLength: 64,
      consent: { [api.url]: true },
      fallback: [{ when: ['context-length-exceeded'], to: { server: { url: `${api.url}/v1` } } }],
    }
    expect(await loadOnPage(test.page, 'short', `${files.url}/pocket.gguf`, options)).toMatchObject({
      backend: 'wllama',
    })
    const long = { ...hello, messages: [{ role: 'user', content: 'boat '.repeat(100) }] }
    const places = [await ask(test.page, 'short', hello), await ask(test.page, 'short', long, { whole: true })]
    expect(places).toMatchObject([
      { error: undefined, place: { where: 'device', backend: 'wllama' } },
      { error: undefined, place: { where: 'server', reason: 'context-length-exceeded' } },
    ])
    expect(await placesOf(test.page, 'short')).toEqual(places.map(({ place }) => place))
    await dispose(test.page, 'short')
  })
})

it('a rule takes over for a Worker that has died', async () => {
  const options: PlainOptions = {
    backend: 'sampan',
    consent: { [api.url]: true },
    fallback: [{ when: ['worker-failed'], to: { server: { url: `${api.url}/v1` } } }],
  }
  expect(await loadOnPage(test.page, 'dying', `${files.url}/pocket.gguf`, options)).toMatchObject({ backend: 'sampan' })
  const worker = test.page.workers().findLast((one) => one.url().includes('sampan-worker'))
  await worker?.evaluate("void setTimeout(() => { throw new Error('broken') })")
  const reply = async (): Promise<unknown> => (await ask(test.page, 'dying', hello)).place
  // Until the page has heard of it, the Worker answers.
  await expect.poll(reply, { timeout: 20_000 }).toMatchObject({ where: 'server', reason: 'worker-failed' })
  await dispose(test.page, 'dying')
})

describe('a hostile server', () => {
  const chunk = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`
  const events = { 'Content-Type': 'text/event-stream' }
  it.each<[string, (response: ServerResponse) => void, string]>([
    ['a page', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'), 'backend-failed'],
    ['a redirection', (response) => response.writeHead(307, { Location: `${files.url}/` }).end(), 'network-failed'],
    ['no JSON', (response) => response.writeHead(200, events).end('data: {"choices":\n\n'), 'backend-failed'],
    ['half an answer', (response) => response.writeHead(200, events).end(chunk({ content: 'x' })), 'network-failed'],
    [
      'a cut',
      (response) => response.writeHead(200, events).write(chunk({ content: 'x' }), () => response.destroy()),
      'network-failed',
    ],
    ['too much', (response) => response.writeHead(503).end('{}'), 'source-unavailable'],
  ])('that gives %s is a typed error, without the key', async (_, answer, code) => {
    const hostile = await serveTest((request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Access-Control-Allow-Headers', '*')
      if (request.method === 'OPTIONS') response.writeHead(204).end()
      else if (request.method === 'GET') response.end('{"data":[{"id":"m"}]}')
      else answer(response)
    })
    try {
      const { source, options } = onServer(`${hostile.url}/v1`)
      expect(await loadOnPage(test.page, 'hostile', source(), options())).toMatchObject({
        source: `${hostile.url}/v1#m`,
      })
      const reply = await ask(test.page, 'hostile', hello)
      expect(reply.error).toMatchObject({ code, typed: true })
      expect(JSON.stringify(reply)).not.toContain('none-but-a-key')
      await dispose(test.page, 'hostile')
    } finally {
      await hostile.close()
    }
  })
})

describe('web-llm, as far as it goes without a library', () => {
  it.each([
    ['an id that is near one of its catalogue', 'mlc:Qwen3-0.6B-q4f32', {}, 'model-unknown'],
    ['an option that it does not have', 'mlc:Qwen3-0.6B-q4f32_1-MLC', { bits: 8 }, 'option-invalid'],
    ['a backend that does not run it', 'mlc:Qwen3-0.6B-q4f32_1-MLC', { backend: 'wllama' }, 'option-invalid'],
  ] as const)('refuses %s', async (_, source, options, code) => {
    expect(await loadOnPage(test.page, 'mlc', source, options)).toMatchObject({ code, typed: true })
  })
})

// Backwards: a server's model outlives the server.
describe.each(candidates.toReversed())('$name, disposed of', ({ name, absent }) => {
  const run = absent === undefined ? it : it.skip
  run(`fails the answer in flight and later ones${absent === undefined ? '' : ` (${absent})`}`, async () => {
    const request = { messages: [{ role: 'user', content: 'What can you do?' }], temperature: 0 }
    expect(await dispose(test.page, name, request)).toBe('model-disposed')
    expect(await ask(test.page, name, request)).toMatchObject({ error: { code: 'model-disposed', typed: true } })
    await dispose(test.page, name)
  })
})
