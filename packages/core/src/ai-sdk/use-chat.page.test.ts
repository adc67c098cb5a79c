import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'

// `useChat` of `@ai-sdk/react` in a React app, over `DirectChatTransport` and `sampan(model)`: Pocket on the CPU, no server.
const pocket = readFileSync(new URL('../../../pocket/pocket.gguf', import.meta.url))
let test: TestPage
let server: TestServer
const requests: string[] = []

interface Globals {
  readonly model: import('../load/model.ts').Model
  readonly app: typeof import('../test-support/chat-app.ts')
}

beforeAll(async () => {
  test = await openTestPage({ webgpu: false, packages: ['ai', '@ai-sdk/react', 'react', 'react-dom/client', 'zod'] })
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    sendRange(request, response, pocket)
  })
  // As text: Vitest would rewrite the import.
  await test.page.evaluate(
    "import('/src/test-support/chat-app.ts').then((app) => void Object.assign(globalThis, { app }))",
  )
  await test.page.evaluate(async (url) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    Object.assign(globalThis, { model: await core.load(url) })
  }, `${server.url}/pocket.gguf`)
  test.page.on('request', (request) => requests.push(request.url()))
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
beforeEach(() => {
  requests.length = 0
})

async function show(options: import('../test-support/chat-app.ts').ChatAppOptions): Promise<void> {
  await test.page.evaluate((chosen) => {
    const { app, model }: Globals = Object(globalThis)
    app.showChat(model, chosen)
  }, options)
}

async function send(text: string): Promise<void> {
  await test.page.locator('input').fill(text)
  await test.page.locator('input').press('Enter')
}

/** Waits for the answer of this number, counted from 0, to be complete. */
async function answered(index: number): Promise<void> {
  const { page } = test
  await page.locator('section.assistant, output:has-text("error")').nth(index).waitFor({ state: 'attached' })
  await page.locator('output', { hasText: /^(ready|error.*)$/ }).waitFor()
  expect(await page.locator('output').textContent()).toBe('ready')
}

/** Kinds and texts of the parts of the last answer. */
function lastAnswer(): Promise<{ type: string; text: string }[]> {
  return test.page
    .locator('section.assistant')
    .last()
    .locator('p')
    .evaluateAll((parts) => parts.map(({ className, textContent }) => ({ type: className, text: textContent ?? '' })))
}

describe('useChat in a page with no server', () => {
  it('streams answers, turn after turn, with no request over the network', async () => {
    await show({})
    for (const [index, question] of ['What is the capital of France?', 'And of Spain?'].entries()) {
      await send(question)
      await answered(index)
      expect((await lastAnswer()).at(-1)).toEqual({ type: 'text', text: expect.stringMatching(/\S/) })
    }
    expect(await test.page.locator('section').count()).toBe(4)
    expect(requests).toEqual([])
  })

  it('calls a tool and answers with what it says', async () => {
    await show({ callsTool: true })
    await send("What's the weather like in Boston?")
    await answered(0)
    const parts = await lastAnswer()
    const called = parts.find(({ type }) => type === 'tool-get_current_weather')
    expect(JSON.parse(called?.text ?? '')).toMatchObject({ location: expect.any(String), weather: 'rain' })
    expect(parts.at(-1)).toEqual({ type: 'text', text: expect.stringMatching(/\S/) })
  })

  it('shows thoughts apart from the text', async () => {
    await show({ reasoning: 'low' })
    await send('What is 12 + 7?')
    await answered(0)
    const parts = (await lastAnswer()).filter(({ type }) => type !== 'step-start')
    expect(parts.map(({ type }) => type)).toEqual(['reasoning', 'text'])
    for (const { text } of parts) expect(text).not.toContain('think>')
  })

  it('stops when the visitor says so, and answers the next question', async () => {
    const question = 'Tell me a long story about a boat, with many chapters.'
    await show({})
    await send(question)
    await answered(0)
    const whole = (await lastAnswer()).at(-1)?.text ?? ''
    await show({})
    await test.page.evaluate(() => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector('section.assistant p.text')?.textContent) return
        observer.disconnect()
        document.querySelector('button')?.click()
      })
      observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    })
    await send(question)
    await answered(0)
    const stopped = (await lastAnswer()).at(-1)?.text ?? ''
    expect(stopped).not.toBe('')
    expect(whole.startsWith(stopped)).toBe(true)
    expect(stopped.length).toBeLessThan(whole.length)
    await send('What is 2 + 2?')
    await answered(1)
    expect((await lastAnswer()).at(-1)).toEqual({ type: 'text', text: expect.stringMatching(/\S/) })
  })
}, 120_000)

describe('Output.object in a page', () => {
  it('gives an object of the schema, however it is drawn', async () => {
    for (const seed of [1, 2, 3]) {
      const person = await test.page.evaluate((chosen) => {
        const { app, model }: Globals = Object(globalThis)
        return app.askForPerson(model, chosen)
      }, seed)
      expect(person).toEqual({ name: expect.any(String), age: expect.any(Number) })
    }
  })
}, 120_000)
