import { describe, expect, it } from 'vitest'
import type { ChatMessage } from '../chat/request-types.ts'
import { SampanError } from '../errors.ts'
import { asked, partsOf, type ScriptedSessions, sessionsOf, textLength } from '../test-support/scripted-sessions.ts'
import { type Script, ScriptedSource } from '../test-support/scripted-source.ts'
import { openSession } from './open-session.ts'
import type { FullConversation } from './session-types.ts'

const CONTEXT = 100

/** Answers like a real model: refuses a prompt that leaves no room. */
const ok: Script = async (request, { accepted, part }) => {
  if (textLength(request) >= CONTEXT) throw new SampanError('context-length-exceeded', 'too long')
  accepted()
  await part({ type: 'content', text: 'ok' })
  return {}
}

const sessions = (): ScriptedSessions => sessionsOf(new ScriptedSource(ok), { contextLength: CONTEXT })
const word = (letter: string): string => letter.repeat(8)
const turn = (letter: string): ChatMessage[] => [
  { role: 'user', content: word(letter) },
  { role: 'assistant', content: 'ok' },
]
const contents = (messages: readonly ChatMessage[]): unknown[] => messages.map(({ content }) => content)

describe('a conversation that is longer than the context', () => {
  it('is an error that leaves the session as it was, unless it is told otherwise', async () => {
    const { open, source } = sessions()
    const chat = open({ system: 's', messages: turn('a') })
    const before = chat.messages
    await expect(chat.send('x'.repeat(99)).text()).rejects.toMatchObject({ code: 'context-length-exceeded' })
    expect(chat.messages).toBe(before)
    expect(await chat.send('x').text()).toBe('ok')
    expect(source.requests).toHaveLength(2)
  })

  it('loses its oldest turns until half of the context is free, with a warning, and not again for a while', async () => {
    const { open, source } = sessions()
    const chat = open({ system: 's', messages: [...'abcdefg'].flatMap(turn), onFull: 'drop-oldest' })
    const reply = chat.send('hhhhh')
    const [warning] = await partsOf(reply)
    expect(warning).toMatchObject({
      type: 'warning',
      code: 'turns-dropped',
      message: expect.stringContaining('oldest 6 '),
    })
    expect((await reply.message()).warnings).toEqual([{ code: 'turns-dropped', message: expect.anything() }])
    const kept = ['s', ...[...'defg'].flatMap((letter) => [word(letter), 'ok']), 'hhhhh']
    expect(asked(source)).toEqual([kept])
    expect(contents(chat.messages)).toEqual([...kept, 'ok'])
    for (let more = 0; more < 4; more++) expect(await partsOf(chat.send('more'))).toHaveLength(1)
    expect(asked(source).at(-1)?.slice(0, 3)).toEqual(kept.slice(0, 3))
  })

  it('is full when the answer that is wanted has no room', async () => {
    const { open, source } = sessions()
    const messages = [...'abcd'].flatMap(turn)
    const fits = open({ messages, onFull: 'drop-oldest', max_tokens: 50 })
    await fits.send('x'.repeat(10)).text()
    const longer = open({ messages, onFull: 'drop-oldest', max_tokens: 50 })
    await longer.send('x'.repeat(11)).text()
    // Half of the context at most is kept free.
    const longest = open({ messages, onFull: 'drop-oldest', max_completion_tokens: 5000 })
    await longest.send('x'.repeat(10)).text()
    expect(asked(source).map(({ length }) => length)).toEqual([9, 7, 9])
  })

  it('loses calls of tools with their answers', async () => {
    const { open, source } = sessions()
    const call = { id: 'x', type: 'function', function: { name: 'f', arguments: '{}' } } as const
    const tools: ChatMessage[] = [
      { role: 'user', content: 'use it' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', content: 'y'.repeat(40), tool_call_id: 'x' },
      { role: 'assistant', content: 'used' },
    ]
    const chat = open({ messages: [...tools, ...turn('b')], onFull: 'drop-oldest' })
    await chat.send('z'.repeat(20)).text()
    expect(source.requests[0]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  })

  it('keeps system messages wherever they are, and the last turn', async () => {
    const { open, source } = sessions()
    const messages = [...turn('a'), { role: 'developer' as const, content: 'd' }, ...turn('b')]
    const chat = open({ system: 's', messages, onFull: 'drop-oldest' })
    await chat.send('x'.repeat(90)).text()
    expect(asked(source)).toEqual([['s', 'd', 'x'.repeat(90)]])
    const before = chat.messages
    await expect(chat.send('x'.repeat(120)).text()).rejects.toMatchObject({ code: 'context-length-exceeded' })
    expect(chat.messages).toBe(before)
  })

  it('loses turns also where the backend does not count, once it refuses', async () => {
    const source = new ScriptedSource(ok)
    const client = {
      generate: source.generate.bind(source),
      countTokens: () => Promise.reject(new SampanError('request-unsupported', 'does not count')),
    }
    const chat = openSession({ info: { ...source.info, contextLength: CONTEXT }, client }, { onFull: 'drop-oldest' })
    for (let turns = 0; turns < 60; turns++) await chat.send(word('a')).text()
    expect(chat.messages.length).toBeLessThan(22)
    expect(chat.messages.at(-1)).toMatchObject({ content: 'ok' })
  })

  it('is what a function makes of it', async () => {
    const { open, source } = sessions()
    const given: FullConversation[] = []
    const chat = open({
      system: 's',
      messages: [...'abcdefg'].flatMap(turn),
      onFull: async (full) => {
        given.push(full)
        return [{ role: 'system', content: 's: a to g' }, ...full.messages.slice(-1)]
      },
    })
    expect(await partsOf(chat.send('and so'))).toEqual([{ type: 'content', text: 'ok' }])
    expect(given).toMatchObject([{ promptTokens: 77, contextLength: CONTEXT }])
    expect(given[0]?.messages).toHaveLength(16)
    expect(asked(source)).toEqual([['s: a to g', 'and so']])
    expect(contents(chat.messages)).toEqual(['s: a to g', 'and so', 'ok'])
  })

  it('holds the answer that was gone on with as the function made it', async () => {
    const { open, source } = sessions()
    const long = { role: 'assistant', content: 'y'.repeat(80) } as const
    const shorter = { role: 'assistant', content: 'yy' } as const
    const chat = open({
      messages: [{ role: 'user', content: 'a' }, long],
      onFull: ({ messages }) => [...messages.slice(0, -1), shorter],
    })
    await chat.continue().text()
    expect(asked(source)).toEqual([['a', 'yy']])
    expect(contents(chat.messages)).toEqual(['a', 'yyok'])
  })

  it('is not shortened for ever by a function that does not', async () => {
    const { open } = sessions()
    let calls = 0
    const chat = open({
      onFull: ({ messages }) => {
        calls++
        return messages
      },
    })
    await expect(chat.send('x'.repeat(120)).text()).rejects.toMatchObject({ code: 'context-length-exceeded' })
    expect(calls).toBe(3)
    // What has little room is asked all the same.
    expect(await chat.send('x'.repeat(90)).text()).toBe('ok')
    expect([calls, chat.messages.length]).toEqual([6, 2])
  })

  it('is left as it was by a function that fails, gives nonsense or is aborted', async () => {
    const { open, source } = sessions()
    const controller = new AbortController()
    const long = 'x'.repeat(90)
    const chats = [
      open({ onFull: () => Promise.reject(new Error('no summary')) }),
      open({ onFull: () => Object('nonsense') }),
      open({ onFull: () => [{ role: 'tool', content: '', tool_call_id: 'x' }] }),
      open({ onFull: () => new Promise(() => {}) }),
    ]
    const replies = chats.map((chat) => chat.send(long, { signal: controller.signal }).text())
    const caught = replies.map((reply) => reply.catch((error: unknown) => error))
    await new Promise((resolve) => setTimeout(resolve, 20))
    controller.abort(new Error('enough'))
    expect(await Promise.all(caught)).toMatchObject([
      { message: 'no summary' },
      { code: 'request-invalid' },
      { code: 'request-invalid' },
      { message: 'enough' },
    ])
    expect(chats.map(({ messages }) => messages)).toEqual([[], [], [], []])
    expect(source.requests).toEqual([])
  })
})
