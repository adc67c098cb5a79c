import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestPage, type TestPage } from '../../../core/src/test-support/test-page.ts'

// llama.cpp's own sampler knows the true logits that wllama does not tell: with its repetition penalty it must take the same tokens
// as we do with logits that were found out.
const packages = new URL('../../../', import.meta.url)
const pocket = readFileSync(new URL('pocket/pocket.gguf', packages)).toString('base64')

let test: TestPage

beforeAll(async () => {
  test = await openTestPage({ webgpu: false })
  const modules = {
    runtime: 'llama-runtime.ts',
    engine: 'wllama-engine.ts',
    level: 'logit-level.ts',
    urls: 'wasm-urls.ts',
  }
  // As text: Vitest would rewrite the imports of a function.
  for (const [name, file] of Object.entries(modules))
    await test.page.evaluate(
      `import('/@fs${fileURLToPath(new URL(file, import.meta.url))}').then((module) => void (globalThis.${name} = module))`,
    )
  const wllama = fileURLToPath(import.meta.resolve('@wllama/wllama/esm/index.js'))
  await test.page.evaluate(`import('/@fs${wllama}').then((module) => void (globalThis.wllama = module))`)
}, 180_000)
afterAll(() => test?.close())

interface Modules {
  readonly runtime: typeof import('./llama-runtime.ts')
  readonly engine: typeof import('./wllama-engine.ts')
  readonly level: typeof import('./logit-level.ts')
  readonly urls: typeof import('./wasm-urls.ts')
  readonly wllama: typeof import('@wllama/wllama/esm/index.js')
}

const compare = (text: string, penalty: number) =>
  test.page.evaluate(
    async ({ pocket, text, penalty }) => {
      const { runtime, engine, level, urls, wllama }: Modules = Object(globalThis)
      const blob = new Blob([Uint8Array.from(atob(pocket), (character) => character.charCodeAt(0))])
      const contextLength = 256
      const count = 40

      const llama = await runtime.LlamaRuntime.start(blob, { contextLength, batchTokens: 16, threads: 1 })
      const prompt = await llama.tokenize(text)
      const ours: number[] = []
      const { signal } = new AbortController()
      const greedy = { maxTokens: count, stopTokens: [], temperature: 0, topK: 0, topP: 1, minP: 0, signal }
      const started = performance.now()
      for await (const token of new engine.WllamaEngine(llama, contextLength, 16).generate(prompt, {
        ...greedy,
        repetitionPenalty: penalty,
      }))
        ours.push(token)
      const milliseconds = performance.now() - started
      const [best] = await llama.candidates(1)
      const found = best && { p: best.p, level: await level.findLogitLevel(llama, best) }
      llama.exit()

      const own = new wllama.Wllama(urls.wasmUrls)
      const f32 = { cache_type_k: 'f32', cache_type_v: 'f32', flash_attn: false } as const
      await own.loadModel([blob], { n_ctx: contextLength, n_batch: 16, n_threads: 1, ...f32 })
      const sampling = { temp: 0, top_k: 1, penalty_last_n: contextLength, penalty_repeat: penalty }
      const theirs: number[] = []
      for (let start = 0; start < prompt.length; start += 16) await own.decode(prompt.slice(start, start + 16), {})
      while (theirs.length < count) {
        await own.samplingInit(sampling, [...prompt, ...theirs])
        const { token } = await own.samplingSample()
        theirs.push(token)
        await own.decode([token], {})
      }
      await own.exit()
      return { ours, theirs, found, perToken: milliseconds / count }
    },
    { pocket, text, penalty },
  )

it.each([
  ['<|im_start|>user\nWrite a short story about a boat and a river.<|im_end|>\n<|im_start|>assistant\n', 1.3],
  ['one two three one two three one two three', 1.1],
  ['a a a a b b b b', 0.7],
])('repeats as little as llama.cpp itself after %j with a penalty of %d', async (text, penalty) => {
  const { ours, theirs, found, perToken } = await compare(text, penalty)
  console.log(
    `repetition penalty ${penalty} on Pocket: ${perToken.toFixed(1)} ms a token; level ${found?.level.toFixed(2)}`,
  )
  expect(ours).toEqual(theirs)
  expect(found?.level).not.toBeCloseTo(0, 1)
})
