import { expect } from 'vitest'
import { type Behaviour, contentOf, type Subject, shapeOf, talk, user, whole } from './asking.ts'

/** What only some backends do. Those that do not must say so, by name. */
export type Feature =
  /** Of greedy answers. */
  | 'logprobs'
  | 'top_k'
  | 'min_p'
  | 'repetition_penalty'
  | 'tools'
  | 'reasoning'
  | 'thinking_budget'
  | 'chat_template_kwargs'
  | 'continue_final_message'
  | 'cache_prompt'
  | 'truncation'
  | 'countTokens'
  | 'text_completions'

export interface FeatureBehaviour extends Behaviour {
  readonly feature: Feature
  /** The field that a refusal names, and a request that is refused. */
  readonly field: string
  readonly refused: object
}

const weather = {
  type: 'function',
  function: {
    name: 'get_current_weather',
    description: 'Get the current weather in a given location',
    // Small models do not always find the end of a string.
    parameters: {
      ...{ type: 'object', properties: { location: { type: 'string', maxLength: 16 } } },
      ...{ required: ['location'], additionalProperties: false },
    },
    strict: true,
  },
}
const question = user("What's the weather like in Boston?")

export const featureBehaviours: readonly FeatureBehaviour[] = [
  {
    ...{ feature: 'logprobs', field: 'logprobs', name: 'tells the chances of its tokens' },
    refused: { ...talk, logprobs: true, top_logprobs: 2 },
    async check(model) {
      const reply = await model.ask({ ...talk, max_tokens: 6, logprobs: true, top_logprobs: 2 })
      const tokens = reply.choices[0]?.tokens ?? []
      expect(tokens).toHaveLength(6)
      const text = new TextDecoder().decode(new Uint8Array(tokens.flatMap(({ bytes }) => bytes)))
      expect(text).toBe(contentOf(reply))
      for (const { logprob, top } of tokens) {
        expect(top).toHaveLength(2)
        // Greedy: none is likelier.
        expect(logprob).toBeCloseTo(top[0] ?? Number.NaN, 5)
        expect(top[0]).toBeGreaterThanOrEqual(top[1] ?? Number.NaN)
        expect(logprob).toBeLessThanOrEqual(0)
      }
    },
  },
  ...(['top_k', 'min_p'] as const).map(
    (field): FeatureBehaviour => ({
      ...{ feature: field, field, name: `takes ${field}`, refused: { ...talk, [field]: 1 } },
      async check(model) {
        const greedy = contentOf(await model.ask(talk))
        expect(contentOf(await model.ask({ ...talk, temperature: 1, [field]: 1 }))).toBe(greedy)
      },
    }),
  ),
  {
    ...{ feature: 'repetition_penalty', field: 'repetition_penalty', name: 'takes repetition_penalty' },
    refused: { ...talk, repetition_penalty: 1.3 },
    async check(model) {
      expect(await model.ask({ ...talk, repetition_penalty: 1.3 })).toMatchObject({ error: undefined })
    },
  },
  {
    ...{ feature: 'tools', field: 'tools', name: 'calls the tool that it must, and uses what the tool says' },
    refused: { ...talk, tools: [weather] },
    async check(model) {
      const request = { messages: [question], temperature: 0, tools: [weather], max_tokens: 60 }
      const choice = { type: 'function', function: { name: 'get_current_weather' } }
      const replies = [
        await model.ask({ ...request, tool_choice: choice }),
        await model.ask({ ...request, tool_choice: choice }, whole),
      ]
      for (const { choices, error } of replies) {
        expect({ choices, error }).toMatchObject({
          choices: [
            {
              finish: 'tool_calls',
              content: '',
              calls: [{ name: 'get_current_weather', id: expect.stringMatching(/./) }],
            },
          ],
          error: undefined,
        })
        expect(JSON.parse(choices[0]?.calls[0]?.json ?? '')).toMatchObject({ location: expect.any(String) })
      }
      const [call] = replies[0]?.choices[0]?.calls ?? []
      const called = {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: call?.id, type: 'function', function: { name: call?.name, arguments: call?.json } }],
      }
      const told = { role: 'tool', tool_call_id: call?.id, content: '{"weather":"rain","temperature":12}' }
      const next = await model.ask({ ...request, messages: [question, called, told], max_tokens: 8 })
      expect(next).toMatchObject({ error: undefined })
      expect(`${contentOf(next)}${next.choices[0]?.calls[0]?.name ?? ''}`).toMatch(/\S/)
      expect(await model.ask({ ...request, tool_choice: 'none', max_tokens: 4 })).toMatchObject({
        choices: [{ calls: [] }],
        error: undefined,
      })
    },
  },
  {
    ...{ feature: 'reasoning', field: 'reasoning_effort', name: 'keeps thoughts out of the content, on and off' },
    refused: { ...talk, reasoning_effort: 'none' },
    async check(model) {
      const sum = { messages: [user('What is 12 + 7?')], temperature: 0, max_tokens: 100 }
      const on = await model.ask({ ...sum, thinking: { type: 'enabled' } })
      expect(on.choices[0]).toMatchObject({
        reasoning: expect.stringMatching(/\S/),
        content: expect.stringMatching(/\S/),
      })
      expect(contentOf(on)).not.toContain('think>')
      expect(await model.ask({ ...sum, reasoning_effort: 'none' })).toMatchObject({ choices: [{ reasoning: '' }] })
    },
  },
  {
    ...{ feature: 'thinking_budget', field: 'thinking_budget', name: 'closes thoughts when their budget is spent' },
    refused: { ...talk, thinking: { type: 'enabled', budget_tokens: 4 } },
    async check(model) {
      const sum = { messages: [user('What is 12 + 7?')], temperature: 0, max_tokens: 60 }
      const { choices, error } = await model.ask({ ...sum, thinking: { type: 'enabled', budget_tokens: 4 } })
      expect(error).toBeUndefined()
      expect(choices[0]?.reasoning.length).toBeLessThan(40)
      expect(choices[0]?.content).toMatch(/\S/)
    },
  },
  {
    ...{ feature: 'chat_template_kwargs', field: 'chat_template_kwargs', name: 'hands variables to the template' },
    refused: { ...talk, chat_template_kwargs: { colour: 'red' } },
    async check(model) {
      expect(await model.ask({ ...talk, chat_template_kwargs: { colour: 'red' } })).toMatchObject({ error: undefined })
    },
  },
  {
    ...{
      feature: 'continue_final_message',
      field: 'continue_final_message',
      name: 'goes on with an answer that is begun',
    },
    refused: {
      ...talk,
      messages: [...talk.messages, { role: 'assistant', content: 'I can' }],
      continue_final_message: true,
    },
    async check(model) {
      const text = contentOf(await model.ask(talk))
      const [first = ''] = /^\S+ \S+/.exec(text) ?? []
      const begun = { role: 'assistant', content: first }
      const reply = await model.ask({
        ...talk,
        messages: [...talk.messages, begun],
        continue_final_message: true,
        max_tokens: 8,
      })
      expect(reply.error).toBeUndefined()
      expect(text.slice(first.length)).toContain(contentOf(reply).slice(0, 8))
    },
  },
  {
    ...{
      feature: 'cache_prompt',
      field: 'cache_prompt',
      name: 'answers the same without its cache, and says that it had none',
    },
    refused: { ...talk, cache_prompt: false },
    async check(model) {
      const drawn = { ...talk, temperature: 1.2, seed: 5, max_tokens: 8, cache_prompt: false }
      expect(shapeOf(await model.ask(drawn))).toEqual(shapeOf(await model.ask(drawn)))
    },
  },
  {
    ...{ feature: 'truncation', field: 'truncation', name: 'leaves out the oldest turns where it may' },
    refused: { ...talk, truncation: 'auto' },
    async check(model) {
      const old = [user('boat '.repeat(4000)), { role: 'assistant', content: 'Yes.' }]
      const request = { ...talk, messages: [...old, ...talk.messages], max_tokens: 8 }
      expect(await model.ask(request)).toMatchObject({ error: { code: 'context-length-exceeded' } })
      expect(await model.ask({ ...request, truncation: 'auto' })).toMatchObject({
        error: undefined,
        usage: { completion_tokens: 8 },
      })
    },
  },
  {
    ...{ feature: 'text_completions', field: 'prompt', name: 'goes on with a text' },
    refused: talk,
    async check(model) {
      const { status, text } = await model.fetch('/v1/completions', { prompt: 'Hello', temperature: 0, max_tokens: 4 })
      expect({ status, ...JSON.parse(text) }).toMatchObject({
        status: 200,
        object: 'text_completion',
        usage: { completion_tokens: 4 },
      })
    },
  },
  {
    ...{ feature: 'countTokens', field: '', name: 'counts the tokens of a prompt as an answer does' },
    refused: talk,
    async check(model) {
      const { usage } = await model.ask({ ...talk, max_tokens: 1 })
      expect(await model.countTokens(talk)).toBe(usage?.prompt_tokens)
    },
  },
]

/** That what a backend does not do is refused by name, and not passed over. */
export async function checkRefusal(model: Subject, { feature, field, refused }: FeatureBehaviour): Promise<void> {
  if (feature === 'countTokens')
    return expect(await model.countTokens(refused)).toMatchObject({ code: 'request-unsupported', typed: true })
  if (feature === 'text_completions') {
    const { status, text } = await model.fetch('/v1/completions', { prompt: 'Hello' })
    return expect({ status, ...JSON.parse(text) }).toMatchObject({
      status: 400,
      error: { code: 'unsupported_parameter' },
    })
  }
  const { error, pieces } = await model.ask(refused)
  expect(pieces).toEqual([])
  expect(error).toMatchObject({ code: 'request-unsupported', details: { field }, typed: true })
}
