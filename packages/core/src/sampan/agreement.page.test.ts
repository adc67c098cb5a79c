import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { agreementConversations } from '../test-support/agreement-conversations.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'

// Two engines that know nothing of each other, llama.cpp on the CPU and Sampan's own on WebGPU, read the same conversations
// from the same file. llama.cpp rounds activations to 8 bits, so that they may differ where the model itself can hardly decide.
const NEAR_TIE_LOGITS = 0.25
/** Near-ties are to be few, or they are no accident. */
const LEAST_AGREEMENT = 0.97

const packages = new URL('../../../', import.meta.url)
const pocket = readFileSync(new URL('pocket/pocket.gguf', packages))

let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage()
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    sendRange(request, response, pocket)
  })
  const modules = {
    engine: 'engine/src/index.ts',
    conversation: 'core/src/sampan/open-conversation.ts',
    llama: 'backends/src/wllama/llama-runtime.ts',
  }
  // As text: Vitest would rewrite the imports of a function.
  for (const [name, path] of Object.entries(modules))
    await test.page.evaluate(
      `import('/@fs${fileURLToPath(new URL(path, packages))}').then((module) => void (globalThis.${name} = module))`,
    )
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

/** Of one position: what each engine holds likeliest, and how far its second choice lies behind. */
interface Choice {
  readonly best: number
  readonly second: number
  readonly gap: number
}

interface Reading {
  readonly name: string
  readonly ids: readonly number[]
  readonly llamaIds: readonly number[]
  readonly ours: readonly Choice[]
  readonly llama: readonly Choice[]
}

function readBoth(): Promise<readonly Reading[]> {
  return test.page.evaluate(
    async ({ url, conversations }) => {
      const { engine, conversation, llama }: Modules = Object(globalThis)
      const blob = await (await fetch(url)).blob()
      const checkpoint = await engine.openGguf(engine.blobSource(blob, 'pocket.gguf'))
      const { template, tokenizer } = conversation.openConversation(checkpoint, {}, 'pocket')
      const { contextLength } = checkpoint.config
      const own = await engine.loadEngine(checkpoint)
      const other = await llama.LlamaRuntime.start(blob, { contextLength, batchTokens: 16, threads: 1 })

      const ranked = (logits: Float32Array): Choice => {
        let [best, second] = [0, -1]
        for (let token = 1; token < logits.length; token++) {
          const logit = logits[token] ?? 0
          if (logit > (logits[best] ?? 0)) [best, second] = [token, best]
          else if (second < 0 || logit > (logits[second] ?? 0)) second = token
        }
        return { best, second, gap: (logits[best] ?? 0) - (logits[second] ?? 0) }
      }
      const readings: Reading[] = []
      for (const { name, messages, tools, variables } of conversations) {
        const text = template.render(messages, { tools, ...(variables && { variables }) })
        const ids = tokenizer.encode(text, { addSpecialTokens: false })
        const ours: Choice[] = []
        await own.score(ids, { from: 0, onLogits: (_, logits) => ours.push(ranked(logits)) })
        const theirs: Choice[] = []
        await other.keep(0)
        for (const id of ids) {
          await other.decode([id], true)
          const [first, next] = await other.candidates(2)
          if (first && next)
            theirs.push({ best: first.token, second: next.token, gap: Math.log(first.p) - Math.log(next.p) })
        }
        readings.push({ name, ids, llamaIds: await other.tokenize(text), ours, llama: theirs })
      }
      other.exit()
      await own.dispose()
      return readings
    },
    { url: `${server.url}/pocket.gguf`, conversations: agreementConversations },
  )
}

interface Modules {
  readonly engine: typeof import('@sampan/engine')
  readonly conversation: typeof import('./open-conversation.ts')
  readonly llama: { readonly LlamaRuntime: typeof import('../../../backends/src/wllama/llama-runtime.ts').LlamaRuntime }
}

/** Whether one engine holds the other's choice second and hardly worse than its own. */
const nearly = (one: Choice, other: Choice): boolean => one.second === other.best && one.gap <= NEAR_TIE_LOGITS

it('llama.cpp and our engine agree on Pocket, token for token, but for near-ties', async () => {
  const readings = await readBoth()
  let [positions, agreed] = [0, 0]
  const disagreements: { where: string; nearTie: boolean; ours: Choice; llama: Choice }[] = []
  for (const { name, ids, llamaIds, ours, llama } of readings) {
    expect(llamaIds, `tokens of "${name}"`).toEqual(ids)
    expect([ours.length, llama.length], name).toEqual([ids.length, ids.length])
    for (const [position, own] of ours.entries()) {
      const other = llama[position]
      positions++
      if (other?.best === own.best) agreed++
      else if (other) {
        const nearTie = nearly(own, other) || nearly(other, own)
        disagreements.push({ where: `${name}, position ${position}`, nearTie, ours: own, llama: other })
      }
    }
  }
  const longest = Math.max(...readings.map(({ ids }) => ids.length))
  const ties = disagreements.filter(({ nearTie }) => nearTie).length
  console.info(
    `${readings.length} conversations, ${positions} positions, longest ${longest}: ${agreed} agree, ${ties} near-ties, ${disagreements.length - ties} wrong`,
  )
  expect(agreed / positions).toBeGreaterThan(LEAST_AGREEMENT)
  expect(disagreements.filter(({ nearTie }) => !nearTie)).toEqual([])
  expect(readings.length).toBeGreaterThanOrEqual(12)
  expect(longest).toBeGreaterThan(600)
}, 180_000)
