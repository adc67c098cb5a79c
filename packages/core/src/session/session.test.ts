import { describe, expect, expectTypeOf, it } from 'vitest'
import type { ChatCompletionRequestNonStreaming } from '../chat/request-types.ts'
import { SampanError } from '../errors.ts'
import { asked, echo, partsOf, scriptedSessions } from '../test-support/scripted-sessions.ts'
import { endless, type Script, saying } from '../test-support/scripted-source.ts'
import type { Session } from './session.ts'
import type { SendOptions, SessionFields, SessionOptions } from './session-types.ts'

const failing: Script = async (_request, { accepted, part }) => {
  accepted()
  await part({ type: 'content', text: 'half' })
  throw new SampanError('device-lost', 'gone')
}

describe('a session', () => {
  it('remembers what was said, and sends it with what is said next', async () => {
    const { open, source } = scriptedSessions(echo)
    const chat = open({ system: 'Be brief.', temperature: 0.5, seed: 7 })
    expect(chat.messages).toEqual([{ role: 'system', content: 'Be brief.' }])
    expect(await partsOf(chat.send('one'))).toEqual([
      { type: 'content', text: 'o' },
      { type: 'content', text: 'ne!' },
    ])
    expect(await chat.send('two', { temperature: 0 }).text()).toBe('two!')
    expect(await chat.send({ role: 'user', content: [{ type: 'text', text: 'three' }] }).text()).toBe('three!')
    expect(asked(source)).toEqual([
      ['Be brief.', 'one'],
      ['Be brief.', 'one', 'one!', 'two'],
      ['Be brief.', 'one', 'one!', 'two', 'two!', 'three'],
    ])
    expect(source.requests.map(({ temperature, seed }) => ({ temperature, seed }))).toEqual([
      { temperature: 0.5, seed: 7 },
      { temperature: 0, seed: 7 },
      { temperature: 0.5, seed: 7 },
    ])
    expect(chat.usage).toMatchObject({ total_tokens: 5 })
  })

  it('gives the answer in parts, as a message and as a completion, each of them all of it', async () => {
    const { open } = scriptedSessions(saying({ type: 'reasoning', text: 'hm' }, '4', '2'))
    const chat = open()
    const reply = chat.send('?')
    const completion = await reply.completion()
    expect(completion).toMatchObject({ object: 'chat.completion', system_fingerprint: 'fp_test' })
    expect(completion.choices[0]?.message).toBe(await reply.message())
    expect(await reply.text()).toBe('42')
    expect((await partsOf(reply)).map(({ type }) => type)).toEqual(['reasoning', 'content', 'content'])
    await expect(partsOf(reply)).rejects.toMatchObject({ code: 'stream-used' })
    expect(chat.messages.at(-1)).toMatchObject({ role: 'assistant', content: '42', reasoning_content: 'hm' })
  })

  it('does not send thoughts back', async () => {
    const { open, source } = scriptedSessions(saying({ type: 'reasoning', text: 'hm' }, '4'), echo)
    const chat = open()
    await chat.send('a').text()
    await chat.send('b').text()
    expect(source.requests[1]?.messages[1]).toEqual({ role: 'assistant', content: '4' })
  })

  it('answers in order what is said at once, read or not', async () => {
    const { open, source } = scriptedSessions(echo)
    const chat = open()
    chat.send('a')
    const second = chat.send('b')
    expect(await chat.send('c').text()).toBe('c!')
    expect(asked(source)).toEqual([['a'], ['a', 'a!', 'b'], ['a', 'a!', 'b', 'b!', 'c']])
    expect(await partsOf(second)).toHaveLength(2)
  })

  it('takes results of tools, and no other word before them', async () => {
    const call = { type: 'tool-call', index: 0, id: 'x', name: 'f' } as const
    const { open, source } = scriptedSessions(saying(call, { type: 'tool-arguments', index: 0, text: '{}' }), echo)
    const chat = open({ tools: [{ type: 'function', function: { name: 'f' } }] })
    const message = await chat.send('go').message()
    expect(message.tool_calls).toEqual([{ id: 'x', type: 'function', function: { name: 'f', arguments: '{}' } }])
    await expect(chat.send('what?').text()).rejects.toMatchObject({ code: 'request-invalid' })
    expect(await chat.send([{ role: 'tool', tool_call_id: 'x', content: 'done' }]).text()).toBe('done!')
    expect(source.requests[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
  })

  it('is as it was before when an answer fails, also in its middle', async () => {
    const { open, source } = scriptedSessions(echo, failing, echo)
    const chat = open()
    await chat.send('a').text()
    const before = chat.messages
    const reply = chat.send('b')
    await expect(reply.message()).rejects.toMatchObject({ code: 'device-lost' })
    const parts: unknown[] = []
    const read = async (): Promise<void> => {
      for await (const part of reply) parts.push(part)
    }
    await expect(read()).rejects.toMatchObject({ code: 'device-lost' })
    expect(parts).toEqual([{ type: 'content', text: 'half' }])
    expect(chat.messages).toBe(before)
    expect(await chat.send('c').text()).toBe('c!')
    expect(asked(source).at(-1)).toEqual(['a', 'a!', 'c'])
  })

  it('can be taken back, also behind an answer that is being made', async () => {
    const { open, source } = scriptedSessions(echo)
    const chat = open({ system: 's' })
    for (const text of ['a', 'b']) chat.send(text)
    await chat.rewind()
    expect(chat.messages.map(({ content }) => content)).toEqual(['s', 'a', 'a!'])
    expect(chat.usage).toBeUndefined()
    chat.send('c')
    chat.rewind(1)
    await chat.send('d').text()
    expect(asked(source).at(-1)).toEqual(['s', 'd'])
    await chat.rewind(-1)
    expect(chat.messages.map(({ content }) => content)).toEqual(['s', 'd'])
    await chat.rewind(0)
    expect(chat.messages).toEqual([{ role: 'system', content: 's' }])
    await chat.rewind()
    expect(chat.messages).toHaveLength(1)
    const greeting = open({ messages: [{ role: 'assistant', content: 'Hello!' }] })
    await greeting.rewind()
    expect(greeting.messages).toHaveLength(1)
    for (const to of [2, -2, 0.5, Number.NaN])
      await expect(chat.rewind(to)).rejects.toMatchObject({ code: 'option-invalid' })
  })

  it('answers again, and keeps the old answer if that fails', async () => {
    const { open, source } = scriptedSessions(saying('old'), failing, saying('new'))
    const chat = open()
    await chat.send('a').text()
    await expect(chat.regenerate().text()).rejects.toMatchObject({ code: 'device-lost' })
    expect(chat.messages.at(-1)).toMatchObject({ content: 'old' })
    expect(await chat.regenerate({ seed: 3 }).text()).toBe('new')
    expect(chat.messages.map(({ content }) => content)).toEqual(['a', 'new'])
    expect(asked(source)).toEqual([['a'], ['a'], ['a']])
    await expect(open({ system: 's' }).regenerate().text()).rejects.toMatchObject({ code: 'request-invalid' })
  })

  it('goes on with an answer that ended early, and holds one answer then', async () => {
    const { open, source } = scriptedSessions(
      async (request, output, call) => ({
        ...(await saying({ type: 'reasoning', text: 'hm' }, 'once')(request, output, call)),
        reason: 'length',
      }),
      saying(' upon', ' a time'),
      failing,
      endless,
    )
    const chat = open({ stop: ['END'] })
    await chat.send('tell').text()
    expect(await chat.continue({ seed: 1 }).text()).toBe(' upon a time')
    expect(source.requests[1]).toMatchObject({ continueFinalMessage: true, seed: 1 })
    expect(asked(source)[1]).toEqual(['tell', 'once'])
    const whole = { role: 'assistant', content: 'once upon a time', reasoning_content: 'hm', refusal: null }
    expect(chat.messages).toEqual([{ role: 'user', content: 'tell' }, whole])
    await expect(chat.continue().text()).rejects.toMatchObject({ code: 'device-lost' })
    expect(chat.messages[1]).toEqual(whole)
    for await (const part of chat.continue()) if (part.type === 'content') break
    expect(chat.messages[1]).toMatchObject({ content: expect.stringMatching(/^once upon a timex+$/) })
    await chat.rewind(1)
    await expect(chat.continue().text()).rejects.toMatchObject({ details: { field: 'messages' } })
  })

  it('checks what one send sets together with what the session does', async () => {
    const { open, source } = scriptedSessions(echo)
    const tools = [{ type: 'function', function: { name: 'f' } }] as const
    const chat = open({ tools, logprobs: true })
    await chat.send('a', { tool_choice: 'required', top_logprobs: 2 }).text()
    expect(source.requests[0]).toMatchObject({ toolChoice: 'required', topLogprobs: 2 })
    expect(() => open().send('a', { top_logprobs: 2 })).toThrow(expect.objectContaining({ code: 'request-invalid' }))
    await chat.fork({ top_logprobs: 1 }).send('a', { logprobs: null, top_logprobs: null }).text()
    expect(source.requests[1]).not.toHaveProperty('topLogprobs')
  })

  it('goes on in two ways from a fork', async () => {
    const { open, source } = scriptedSessions(echo)
    const chat = open({ temperature: 0, seed: 1 })
    await chat.send('a').text()
    const other = chat.fork({ seed: 2 })
    expect(other.messages).toBe(chat.messages)
    expect(other.usage).toEqual(chat.usage)
    await Promise.all([chat.send('b').text(), other.send('c').text()])
    expect(chat.messages.map(({ content }) => content)).toEqual(['a', 'a!', 'b', 'b!'])
    expect(other.messages.map(({ content }) => content)).toEqual(['a', 'a!', 'c', 'c!'])
    expect(source.requests.map(({ seed, temperature }) => [temperature, seed])).toEqual([
      [0, 1],
      [0, 1],
      [0, 2],
    ])
  })

  it('counts tokens with what is said next', async () => {
    const { open } = scriptedSessions(echo)
    expect(await open().countTokens()).toBe(0)
    const chat = open({ system: 'four' })
    expect(await chat.countTokens()).toBe(4)
    expect(await chat.countTokens('hello')).toBe(9)
    expect(chat.messages).toHaveLength(1)
  })

  it('is not changed by what is done to the objects that it was given or gave', async () => {
    const { open, source } = scriptedSessions(echo)
    const stop = ['END']
    const said = { role: 'user' as const, content: 'a' }
    const chat = open({ stop, messages: [said] })
    const next = { role: 'user' as const, content: 'b' }
    const reply = chat.send(next)
    ;[stop[0], said.content, next.content] = ['x', 'y', 'z']
    const message = await reply.message()
    message.content = 'changed'
    expect(chat.messages.map(({ content }) => content)).toEqual(['a', 'b', 'b!'])
    expect(() => Object.assign(chat.messages[0] ?? {}, { content: 'w' })).toThrow(TypeError)
    expect(() => Object.assign(chat.messages, { length: 0 })).toThrow(TypeError)
    expect(asked(source)).toEqual([['a', 'b']])
  })

  it.each([
    ['n', { n: 2 }],
    ['stream', { stream: true }],
    ['truncation', { truncation: 'auto' }],
    ['continue_final_message', { continue_final_message: true }],
    ['sytem', { sytem: 'x' }],
    ['temperature', { temperature: 3 }],
    ['system', { system: 7 }],
    ['messages', { messages: 'x' }],
    ['messages[0].role', { messages: [{ content: 'x' }] }],
    [
      'messages[1].tool_call_id',
      {
        messages: [
          { role: 'user', content: '' },
          { role: 'tool', content: '', tool_call_id: 'x' },
        ],
      },
    ],
  ])('names the field %s that it cannot take, at once', (field, options) => {
    const { open } = scriptedSessions(echo)
    expect(() => open(Object(options))).toThrow(expect.objectContaining({ details: { field } }))
  })

  it('is typed as a chat request but for what it decides itself', () => {
    expectTypeOf<SessionFields>().toExtend<Partial<ChatCompletionRequestNonStreaming>>()
    expectTypeOf<'n' | 'stream' | 'messages' | 'truncation'>().not.toExtend<keyof SessionFields>()
    expectTypeOf<'tools' | 'seed' | 'priority' | 'response_format'>().toExtend<keyof SendOptions>()
    expectTypeOf<ReturnType<Session['save']>>().toExtend<NonNullable<SessionOptions['restore']>>()
    expectTypeOf<Session['messages']>().toExtend<ChatCompletionRequestNonStreaming['messages']>()
  })

  it('names what is wrong in what is sent, at once', () => {
    const { open, source } = scriptedSessions(echo)
    const chat = open()
    const wrong: readonly (readonly [unknown, unknown])[] = [
      [undefined, {}],
      [7, {}],
      [[], {}],
      [[null], {}],
      [{ content: 'x' }, {}],
      ['x', null],
      ['x', { n: 2 }],
      ['x', { signal: 'now' }],
      ['x', { onAbort: 'forget' }],
      ['x', { tools: [{ type: 'function', function: { name: 'f', parameters: { x: () => 1 } } }] }],
    ]
    for (const [content, options] of wrong) {
      const code = expect.stringMatching(/^(request|option)-(invalid|unsupported)$/)
      expect(() => Reflect.apply(chat.send, chat, [content, options])).toThrow(expect.objectContaining({ code }))
    }
    expect(source.requests).toEqual([])
  })
})

describe('an answer of a session that is aborted', () => {
  const two: Script = async (_request, output) => {
    output.accepted()
    await output.part({ type: 'reasoning', text: 'hm' })
    await output.part({ type: 'content', text: 'some' })
    return endless(_request, { ...output, accepted: () => {} }, 0)
  }

  it('stays as far as it had come, and the loop throws the reason', async () => {
    const { open, source } = scriptedSessions(two, echo)
    const chat = open()
    const controller = new AbortController()
    const reason = new Error('enough')
    const reply = chat.send('a', { signal: controller.signal })
    const read = async (): Promise<void> => {
      for await (const part of reply) if (part.type === 'content') controller.abort(reason)
    }
    await expect(read()).rejects.toBe(reason)
    await expect(reply.text()).rejects.toBe(reason)
    expect(chat.messages.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(chat.messages[1]).toMatchObject({ content: expect.stringMatching(/^somex*$/), reasoning_content: 'hm' })
    expect(chat.usage).toBeUndefined()
    await chat.send('b').text()
    expect(asked(source)[1]?.at(-1)).toBe('b')
    expect(source.running).toBe(0)
  })

  it('stays, too, when its loop is left', async () => {
    const { open, source } = scriptedSessions(two, echo)
    const chat = open()
    const reply = chat.send('a')
    for await (const part of reply) if (part.type === 'content') break
    expect(chat.messages[1]).toMatchObject({ content: expect.stringMatching(/^somex*$/) })
    await expect(reply.text()).rejects.toMatchObject({ name: 'AbortError' })
    expect(await chat.send('b').text()).toBe('b!')
    expect(source.running).toBe(0)
  })

  it('leaves nothing where the session or the reply wants it so', async () => {
    const { open } = scriptedSessions(two)
    const forgets = open({ onAbort: 'roll-back' })
    for await (const _ of forgets.send('a')) break
    expect(forgets.messages).toEqual([])
    const keeps = open()
    for await (const _ of keeps.send('a', { onAbort: 'roll-back' })) break
    expect(keeps.messages).toEqual([])
  })

  it('leaves nothing where only calls of tools had come', async () => {
    const { open } = scriptedSessions(async (_request, { accepted, part, signal }) => {
      accepted()
      await part({ type: 'tool-call', index: 0, id: 'x', name: 'f' })
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw signal.reason
    })
    const chat = open()
    for await (const _ of chat.send('a')) break
    expect(chat.messages).toEqual([])
  })

  it('goes at once while it waits for another of its session, and the others are answered', async () => {
    const { open, source } = scriptedSessions(endless, echo)
    const chat = open()
    const [first, second] = [new AbortController(), new AbortController()]
    const running = chat.send('a', { signal: first.signal })
    const waiting = chat.send('b', { signal: second.signal })
    const last = chat.send('c')
    second.abort(new Error('not that'))
    await expect(waiting.text()).rejects.toThrow('not that')
    expect(source.requests).toHaveLength(1)
    first.abort(new Error('not that either'))
    await expect(running.text()).rejects.toThrow('not that either')
    expect(await last.text()).toBe('c!')
    expect(asked(source)[1]?.filter((text) => text === 'b')).toEqual([])
  })

  it('is never begun with a signal that is aborted already', async () => {
    const { open, source } = scriptedSessions(echo)
    const chat = open()
    await expect(chat.send('a', { signal: AbortSignal.abort(new Error('no')) }).text()).rejects.toThrow('no')
    expect([source.requests, chat.messages]).toEqual([[], []])
  })

  it('changes nothing any more once it is complete', async () => {
    const { open } = scriptedSessions(echo)
    const chat = open()
    const controller = new AbortController()
    const reply = chat.send('a', { signal: controller.signal })
    await reply.text()
    controller.abort(new Error('late'))
    expect(await reply.text()).toBe('a!')
    await expect(partsOf(reply)).rejects.toThrow('late')
    expect(chat.messages).toHaveLength(2)
  })
})
