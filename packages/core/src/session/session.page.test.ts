import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveModels } from '../test-support/serve-models.ts'
import { importCore, openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'

// Sessions over the engine and its Worker, in a real page. What a session answers is what `create` answers to the same messages.
let test: TestPage
let server: TestServer

interface Globals {
  readonly core: typeof import('../index.ts')
  readonly model: import('../load/model.ts').Model
  readonly create: (messages: readonly import('../chat/request-types.ts').ChatMessage[]) => Promise<string | null>
}

beforeAll(async () => {
  test = await openTestPage()
  server = await serveModels()
  await loadModel()
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

async function loadModel(): Promise<void> {
  await test.page.evaluate(async (url) => {
    const { core }: Globals = Object(globalThis)
    const model = await core.load(url, { backend: 'sampan' })
    const create: Globals['create'] = async (messages) =>
      (await model.chat.completions.create({ messages, temperature: 0, max_tokens: 12 })).choices[0]?.message.content ??
      null
    Object.assign(globalThis, { model, create })
  }, `${server.url}/tiny.gguf`)
}

it('two sessions at once, a fork and a rewound one answer as if each were alone', async () => {
  const seen = await test.page.evaluate(async () => {
    const { model, create }: Globals = Object(globalThis)
    const options = { temperature: 0, max_tokens: 12 }
    const [one, two] = [model.session({ ...options, system: 'Be brief.' }), model.session(options)]
    await Promise.all([
      ...['Hello', 'Sing'].map((text) => one.send(text).text()),
      ...['你好', 'Hello', 'Sing'].map((text) => two.send(text).text()),
    ])
    const fork = one.fork()
    await two.rewind(3)
    await Promise.all([one.send('Hello').text(), fork.send('你好').text(), two.send('你好').text()])
    const alone: (string | null)[][] = []
    for (const { messages } of [one, two, fork]) {
      const answers: (string | null)[] = []
      for (const [index, { role }] of messages.entries())
        if (role === 'assistant') answers.push(await create(messages.slice(0, index)))
      alone.push(answers)
    }
    const lists = [one, two, fork].map(({ messages }) => messages)
    return { alone, lists, cached: one.usage?.prompt_tokens_details?.cached_tokens }
  })
  const answers = seen.lists.map((list) =>
    list.filter(({ role }) => role === 'assistant').map(({ content }) => content),
  )
  expect(answers).toEqual(seen.alone)
  expect(answers.map(({ length }) => length)).toEqual([3, 2, 3])
  expect(seen.lists.map((list) => list[0]?.content)).toEqual(['Be brief.', '你好', 'Be brief.'])
  expect(answers[1]?.[0]).toMatch(/^你好！小船也能/)
}, 60_000)

it('an answer that was cut goes on as if it had not been', async () => {
  const texts = await test.page.evaluate(async () => {
    const { model }: Globals = Object(globalThis)
    const chat = model.session({ temperature: 0 })
    const begun = await chat.send('Hello', { max_tokens: 3 }).text()
    const rest = await chat.continue().text()
    return { begun, rest, whole: chat.messages.map(({ content }) => content) }
  })
  expect(texts.begun).not.toBe('')
  expect(texts.whole).toEqual(['Hello', 'Hello from a very small boat.'])
  expect(texts.begun + texts.rest).toBe(texts.whole[1])
}, 60_000)

it('one of three that wait gives up, and the background comes last', async () => {
  const seen = await test.page.evaluate(async () => {
    const { model }: Globals = Object(globalThis)
    const options = { temperature: 0, max_tokens: 12 }
    const ended: string[] = []
    const ask = (name: string, more: object = {}): Promise<unknown> =>
      model
        .session(options)
        .send('Hello', more)
        .text()
        .then(
          () => ended.push(name),
          (error: unknown) => ended.push(`${name}: ${Object(error).message}`),
        )
    const controller = new AbortController()
    const long = model.session({ temperature: 0 }).send('Sing')
    const parts = long[Symbol.asyncIterator]()
    await parts.next()
    const all = [
      ask('background', { priority: 'background' }),
      ask('a'),
      ask('b', { signal: controller.signal }),
      ask('c'),
    ]
    // By then they are in the Worker's line.
    await model.countTokens({ messages: [{ role: 'user', content: 'Hello' }] })
    controller.abort(new Error('gives up'))
    await all[2]
    const before = [...ended]
    await parts.return?.()
    await Promise.all(all)
    return { before, ended }
  })
  expect(seen).toEqual({ before: ['b: gives up'], ended: ['b: gives up', 'a', 'c', 'background'] })
}, 60_000)

it('a conversation that grows past the context goes on without its oldest turns', async () => {
  const seen = await test.page.evaluate(async () => {
    const { model }: Globals = Object(globalThis)
    const chat = model.session({ system: 'Be brief.', temperature: 0, max_tokens: 12, onFull: 'drop-oldest' })
    const text = 'a longer word or two '.repeat(8)
    let warnings = 0
    for (let turn = 0; turn < 14; turn++) warnings += (await chat.send(text).message()).warnings?.length ?? 0
    return { warnings, context: model.info.contextLength, tokens: await chat.countTokens(), messages: chat.messages }
  })
  expect(seen.warnings).toBeGreaterThan(0)
  expect(seen.warnings).toBeLessThan(8)
  expect(seen.tokens).toBeLessThanOrEqual(seen.context)
  expect(seen.messages[0]).toEqual({ role: 'system', content: 'Be brief.' })
}, 60_000)

it('a session that was saved goes on in a page that was loaded anew, token by token, and is refused by another model', async () => {
  const saved = await test.page.evaluate(async () => {
    const { model }: Globals = Object(globalThis)
    // Letter by letter, as no tokenizer would write it.
    const letters = Object.fromEntries([...'stream'].map((letter) => [letter.charCodeAt(0) - 33, 100]))
    const options = { temperature: 2, top_k: 0, top_p: 1, min_p: 0, seed: 5, max_tokens: 24 }
    const chat = model.session({ ...options, system: 'Be brief.', logit_bias: letters })
    for (const text of ['Hello', '你好']) await chat.send(text).text()
    const json = JSON.stringify(chat.save())
    await chat.send('Sing', { temperature: 0 }).text()
    const messages = chat.messages.slice(0, -1)
    const anew = await model.countTokens({ messages, cache_prompt: false })
    return { json, prompt: chat.save().tokens?.prompt, anew }
  })
  await test.page.reload()
  await importCore(test.page)
  await loadModel()
  const restored = await test.page.evaluate(async (json) => {
    const { model, core }: Globals = Object(globalThis)
    const data = JSON.parse(json)
    const chat = model.session({ restore: data })
    const same = JSON.stringify(chat.save()) === json
    await chat.send('Sing', { temperature: 0 }).text()
    const prompt = chat.save().tokens?.prompt
    const refuse = (changed: object): unknown => {
      try {
        return model.session({ restore: { ...data, model: { ...data.model, ...changed } } })
      } catch (error) {
        return core.SampanError.isInstance(error) && error.code
      }
    }
    const refused = [refuse({ source: 'other', hash: undefined }), refuse({ hash: 'other' })]
    await model.dispose()
    const late = await chat
      .send('x')
      .message()
      .catch((error: unknown) => Object(error).code)
    return { same, prompt, refused, late }
  }, saved.json)
  const refused = ['session-mismatch', 'session-mismatch']
  expect(restored).toEqual({ same: true, prompt: saved.prompt, refused, late: 'model-disposed' })
  expect(saved.prompt?.length).toBeGreaterThan(saved.anew)
}, 120_000)
