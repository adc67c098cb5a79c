import { expect } from 'vitest'
import { type Behaviour, contentOf, parsed, shapeOf, talk, user, whole } from './asking.ts'

/** What every backend does. */
export const behaviours: readonly Behaviour[] = [
  {
    name: 'streams: a role, pieces, one end; the same as in one piece, with the same usage',
    async check(model) {
      const streamed = await model.ask(talk)
      expect(streamed).toMatchObject({ roles: 1, error: undefined })
      expect(streamed.pieces.length).toBeGreaterThan(3)
      expect(streamed.pieces.join('')).toBe(contentOf(streamed))
      expect(shapeOf(await model.ask(talk, whole))).toEqual(shapeOf(streamed))
    },
  },
  {
    name: 'counts what it cost, and ends at max_tokens',
    async check(model) {
      const { choices, usage, error } = await model.ask({ ...talk, max_tokens: 3 })
      expect({ choices, error }).toMatchObject({ choices: [{ finish: 'length' }], error: undefined })
      expect(usage).toMatchObject({ completion_tokens: 3 })
      expect(usage?.prompt_tokens).toBeGreaterThan(3)
      expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + 3)
    },
  },
  {
    name: 'ends by itself',
    async check(model) {
      const { choices, usage } = await model.ask({ messages: [user('Hello')], temperature: 0, max_tokens: 200 })
      expect(choices[0]).toMatchObject({ finish: 'stop', content: expect.stringMatching(/\S/) })
      expect(usage?.completion_tokens).toBeLessThan(200)
    },
  },
  {
    name: 'ends before stop strings, wherever they lie',
    async check(model) {
      const text = contentOf(await model.ask(talk))
      expect(text.length).toBeGreaterThan(20)
      const cuts = [
        [text.slice(0, 1)],
        [text.slice(5, 9)],
        [text.slice(9, 20)],
        [text.slice(-2)],
        [`${text.slice(3, 7)}\u0000`, text.slice(6, 8)],
        ['\u0000', text.slice(10, 11)],
      ]
      for (const [index, stop] of cuts.entries()) {
        const wanted = Math.min(...stop.map((one) => text.indexOf(one)).filter((at) => at >= 0))
        const reply = await model.ask({ ...talk, stop }, index % 2 === 0 ? {} : whole)
        expect(reply, JSON.stringify(stop)).toMatchObject({
          choices: [{ content: text.slice(0, wanted), finish: 'stop' }],
          error: undefined,
        })
      }
    },
  },
  {
    name: 'gives whole characters of other scripts',
    async check(model) {
      const { pieces, error } = await model.ask({ ...talk, messages: [user('你好，你是谁？')] })
      expect(error).toBeUndefined()
      expect(pieces.join('')).toMatch(/[\u4e00-\u9fff]{4}/)
      expect(pieces.join('')).not.toContain('\ufffd')
      // Half a character cannot be encoded.
      for (const piece of pieces) expect(() => encodeURIComponent(piece)).not.toThrow()
    },
  },
  {
    name: 'draws by the seed',
    async check(model) {
      const draw = async (seed: number): Promise<string> =>
        contentOf(await model.ask({ messages: [user('q w e r t y')], temperature: 2, top_p: 1, seed, max_tokens: 16 }))
      const first = await draw(7)
      expect(await draw(7)).toBe(first)
      expect(new Set([first, await draw(8), await draw(9), await draw(10)]).size).toBeGreaterThan(1)
    },
  },
  {
    name: 'draws the likeliest where chance is taken out',
    async check(model) {
      const greedy = contentOf(await model.ask(talk))
      expect(contentOf(await model.ask({ ...talk, temperature: 1, top_p: 1e-6 }))).toBe(greedy)
    },
  },
  {
    name: 'takes penalties and biases',
    async check(model) {
      const penalised = await model.ask({ ...talk, frequency_penalty: 2, presence_penalty: 2 })
      expect(penalised).toMatchObject({ error: undefined })
      expect(contentOf(penalised)).not.toBe('')
      // A token that a bias brings comes again and again, until a penalty has used the bias up.
      const biased = { ...talk, logit_bias: { 100: 40 }, max_tokens: 48 }
      const [free, spent] = [await model.ask(biased), await model.ask({ ...biased, frequency_penalty: 2 })]
      expect(spent).toMatchObject({ error: undefined })
      expect(contentOf(spent)).not.toBe(contentOf(free))
      const { choices, error } = await model.ask({ ...talk, logit_bias: { 100: 100 }, max_tokens: 3 })
      expect(error).toBeUndefined()
      expect(choices[0]?.content).not.toBe(contentOf(await model.ask({ ...talk, max_tokens: 3 })))
    },
  },
  {
    name: 'makes as many choices as asked for, each told apart',
    async check(model) {
      const drawn = { ...talk, temperature: 2, top_p: 1, seed: 3, n: 2, max_tokens: 16 }
      for (const reading of [{}, whole]) {
        const { choices, usage, error } = await model.ask(drawn, reading)
        expect(error).toBeUndefined()
        expect(choices).toHaveLength(2)
        expect(choices[0]?.content).not.toBe(choices[1]?.content)
        for (const { finish, content } of choices)
          expect({ finish, content }).toMatchObject({ finish: expect.stringMatching(/stop|length/) })
        expect(usage?.completion_tokens).toBeGreaterThan(1)
      }
    },
  },
  {
    name: 'holds an answer to a schema, however it is drawn',
    async check(model) {
      const properties = { name: { type: 'string', maxLength: 12 }, age: { type: 'integer', minimum: 0, maximum: 150 } }
      const schema = { type: 'object', properties, required: ['name', 'age'], additionalProperties: false }
      const request = {
        ...{ messages: [user('Ada is 36 years old. Reply with JSON.')], max_tokens: 120 },
        response_format: { type: 'json_schema', json_schema: { name: 'person', schema, strict: true } },
      }
      for (const sampling of [{ temperature: 0 }, { temperature: 1.5, seed: 1 }])
        expect(parsed(await model.ask({ ...request, ...sampling }))).toEqual({
          name: expect.any(String),
          age: expect.any(Number),
        })
    },
  },
  {
    name: 'answers with an object where JSON is asked for',
    async check(model) {
      const request = { ...talk, messages: [user('Ada is 36 years old. Reply with JSON.')], max_tokens: 300 }
      const reply = await model.ask({ ...request, response_format: { type: 'json_object' } })
      // A small model may not find the end.
      if (reply.choices[0]?.finish === 'length') expect(contentOf(reply)).toMatch(/^\s*\{/)
      else expect(parsed(reply)).toEqual(expect.any(Object))
    },
  },
  {
    name: 'rejects with the reason when aborted, before and during, and answers again',
    async check(model) {
      const before = contentOf(await model.ask(talk))
      expect(await model.ask(talk, { abortAfter: 0 })).toMatchObject({ pieces: [], error: { name: 'RangeError' } })
      const during = await model.ask({ ...talk, max_tokens: 200 }, { abortAfter: 2 })
      expect(during).toMatchObject({ error: { name: 'RangeError', typed: false } })
      expect(during.pieces.length).toBeGreaterThanOrEqual(2)
      expect(contentOf(await model.ask(talk))).toBe(before)
    },
  },
  {
    name: 'answers the next question after a reader has left',
    async check(model) {
      const left = await model.ask({ ...talk, max_tokens: 200 }, { leaveAfter: 2 })
      expect(left).toMatchObject({ error: undefined, pieces: { length: 2 } })
      expect(await model.ask({ ...talk, max_tokens: 3 })).toMatchObject({
        error: undefined,
        usage: { completion_tokens: 3 },
      })
    },
  },
  {
    name: 'answers several at a time, each its own',
    async check(model) {
      const requests = ['What can you do?', 'Hello', '你好'].map((content) => ({
        ...talk,
        messages: [user(content)],
        max_tokens: 8,
      }))
      const alone: string[] = []
      for (const request of requests) alone.push(contentOf(await model.ask(request)))
      const together = await Promise.all(requests.map((request) => model.ask(request)))
      expect(together.map(contentOf)).toEqual(alone)
    },
  },
  {
    name: 'refuses fields that it does not know, and values that are none, by name',
    async check(model) {
      for (const [field, value, code] of [
        ['audio', { voice: 'alloy' }, 'request-unsupported'],
        ['temprature', 1, 'request-unsupported'],
        ['temperature', 'hot', 'request-invalid'],
        ['messages', [], 'request-invalid'],
        ['top_logprobs', 99, 'request-invalid'],
      ] as const)
        expect(await model.ask({ ...talk, logprobs: true, [field]: value }), field).toMatchObject({
          error: { code, details: { field: expect.stringContaining(field) }, typed: true },
        })
    },
  },
  {
    name: 'refuses a prompt that its context does not hold',
    async check(model) {
      const { error, pieces } = await model.ask({ ...talk, messages: [user('boat '.repeat(4000))] })
      expect(error).toMatchObject({ code: 'context-length-exceeded', typed: true })
      expect(pieces).toEqual([])
    },
  },
  {
    name: 'speaks HTTP, as events and whole, with errors of its own kind',
    async check(model) {
      const path = 'https://any.test/v1/chat/completions'
      const text = contentOf(await model.ask({ ...talk, max_tokens: 8 }))
      const plain = await model.fetch(path, { ...talk, max_tokens: 8 })
      expect({ status: plain.status, ...JSON.parse(plain.text) }).toMatchObject({
        status: 200,
        choices: [{ message: { content: text } }],
      })
      const events = (await model.fetch(path, { ...talk, max_tokens: 8, stream: true })).text.trim().split('\n\n')
      expect(events.at(-1)).toBe('data: [DONE]')
      const pieces = events.slice(0, -1).map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? '')
      expect(pieces.join('')).toBe(text)
      const wrong = await model.fetch(path, { ...talk, audio: {} })
      expect({ status: wrong.status, ...JSON.parse(wrong.text) }).toMatchObject({
        status: 400,
        error: { param: 'audio' },
      })
    },
  },
]
