import { afterEach, expect, it } from 'vitest'
import { browserNetwork } from '../network/network.ts'
import { findAlternatives } from './find-alternatives.ts'
import type { HubContext } from './hub-context.ts'
import { hubOf } from './hubs.ts'
import { isReadable, quantizationOf } from './quantization-of.ts'
import type { RemoteSource } from './resolve-model.ts'
import { resolveModel } from './resolve-model.ts'
import { serveHub, type TestHub, type TestRepository, testToken } from './testing.ts'

let test: TestHub | undefined
afterEach(() => test?.close())

const { signal } = new AbortController()

async function serve(repositories: Readonly<Record<string, TestRepository>>): Promise<HubContext> {
  test = await serveHub(repositories, 1000)
  return { hub: test.hub, network: browserNetwork, signal, firstPauseMs: 1 }
}

const org: RemoteSource = { kind: 'hub', repository: 'org/name', revision: 'main' }
const base = { 'config.json': '{}', 'model.safetensors': 'x'.repeat(1000) }
const gguf = (bytes: number): string => 'x'.repeat(bytes)

it('are GGUFs beside a model and in repositories quantised from it: what the engine reads, smallest first, its maker before others', async () => {
  const context = await serve({
    'org/name': { files: { ...base, 'name.F16.gguf': gguf(900) }, card: { license: 'mit' } },
    'popular/name-GGUF': {
      quantizedFrom: 'org/name',
      files: {
        'name-Q4_K_M.gguf': gguf(399),
        'name-Q2_K.gguf': gguf(100),
        'name-IQ4_XS.gguf': gguf(101),
        'name-UD-Q4_K_M.gguf': gguf(102),
        'name-Q5_K_M-00001-of-00002.gguf': gguf(300),
        'name-Q5_K_M-00002-of-00002.gguf': gguf(200),
        'name-Q6_K-00001-of-00002.gguf': gguf(300),
        'mmproj-Q8_0.gguf': gguf(10),
        'name-BF16.gguf': gguf(1001),
      },
    },
    'org/name-GGUF': { quantizedFrom: 'org/name', files: { 'q/name-q4_k_m.gguf': gguf(400), 'name.gguf': gguf(5) } },
    'third/name-GGUF': { quantizedFrom: 'org/name', files: { 'name-Q4_0.gguf': gguf(50) } },
  })
  const model = await resolveModel(org, context)
  const before = test?.requests.length ?? 0
  expect(await findAlternatives(model, { ...context, token: testToken })).toEqual([
    { source: 'org/name-GGUF:q/name-q4_k_m.gguf', bytes: 400, quantization: 'Q4_K_M', licence: 'mit' },
    { source: 'popular/name-GGUF:name-Q5_K_M-00001-of-00002.gguf', bytes: 500, quantization: 'Q5_K_M', licence: 'mit' },
    { source: 'org/name:name.F16.gguf', bytes: 900, quantization: 'F16', licence: 'mit' },
  ])
  expect((test?.requests.length ?? 0) - before).toBe(4)
  expect(test?.requests.join()).toContain('filter=base_model%3Aquantized%3Aorg%2Fname&')
})

it('of a GGUF file are those of the same model beside it, and smaller', async () => {
  const files = { 'a-Q8_0.gguf': gguf(80), 'b-Q4_0.gguf': gguf(10), 'a-Q4_0.gguf': gguf(40) }
  const context = await serve({ 'org/name': { files } })
  const model = await resolveModel({ ...org, revision: 'v1', file: 'a-Q8_0.gguf' }, context)
  expect(await findAlternatives(model, context)).toEqual([
    { source: 'org/name@v1:a-Q4_0.gguf', bytes: 40, quantization: 'Q4_0' },
  ])
})

it('are none where nobody can tell, and the signal is heard', async () => {
  const context = await serve({ 'org/name': { files: base } })
  const model = await resolveModel(org, context)
  const elsewhere = { ...context, hub: hubOf('modelscope') }
  expect(await findAlternatives(model, elsewhere)).toEqual([])
  await test?.close()
  expect(await findAlternatives(model, context)).toEqual([])
  const reason = new Error('enough')
  await expect(findAlternatives(model, { ...context, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

it.each([
  ['Qwen3-0.6B-Q8_0.gguf', 'Q8_0', true],
  ['qwen2.5-0.5b-instruct-fp16.gguf', 'F16', true],
  ['DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf', 'Q4_K_M', true],
  ['BF16/model-BF16-00001-of-00002.gguf', 'BF16', true],
  ['m-Q4_0_4_4.gguf', 'Q4_0_4_4', false],
  ['m.Q3_K_L.gguf', 'Q3_K_L', false],
  ['m-IQ2_XXS.gguf', 'IQ2_XXS', false],
  ['m-UD-Q4_K_XL.gguf', 'UD-Q4_K_XL', false],
  ['model.gguf', undefined, false],
])('%s is %s by its name', (path, quantization, readable) => {
  expect(quantizationOf(path)).toBe(quantization)
  expect(isReadable(quantization ?? '')).toBe(readable)
})
