import { describe, expect, it } from 'vitest'
import { Completions } from '../chat/completions.ts'
import { asked, echo, sessionsOf } from '../test-support/scripted-sessions.ts'
import { endless, type Script, ScriptedSource } from '../test-support/scripted-source.ts'

/** Two sessions and a plain chat API over one model. */
function connect(...scripts: readonly Script[]): {
  readonly source: ScriptedSource
  readonly sessions: ReturnType<typeof sessionsOf>
  readonly create: (content: string, background?: boolean) => Promise<unknown>
} {
  const source = new ScriptedSource(...scripts)
  const completions = new Completions(source, source.info)
  return {
    source,
    sessions: sessionsOf(source),
    create: (content, background = false) =>
      completions.create({
        messages: [{ role: 'user', content }],
        ...(background && { priority: 'background' }),
      }),
  }
}

const lastAsked = (source: ScriptedSource): (string | undefined)[] => asked(source).map((texts) => texts.at(-1))

describe('several chats of one model', () => {
  it('take turns, each in its own order', async () => {
    const { source, sessions, create } = connect(echo)
    const [a, b] = [sessions.open(), sessions.open()]
    await Promise.all([
      ...['a1', 'a2', 'a3'].map((text) => a.send(text).text()),
      ...['b1', 'b2'].map((text) => b.send(text).text()),
      ...['p1', 'p2'].map((text) => create(text)),
    ])
    expect(lastAsked(source)).toEqual(['p1', 'a1', 'b1', 'p2', 'a2', 'b2', 'a3'])
    expect(new Set(source.requests.map(({ queue }) => queue)).size).toBe(3)
  })

  it('are answered one at a time', async () => {
    let most = 0
    const { source, sessions, create } = connect(async (request, output, call) => {
      most = Math.max(most, source.running)
      await new Promise((resolve) => setTimeout(resolve, 5))
      return echo(request, output, call)
    })
    await Promise.all([sessions.open().send('a').text(), sessions.open().send('b').text(), create('p')])
    expect(most).toBe(1)
  })

  it('go before what is in the background, a session in the background too', async () => {
    const { source, sessions, create } = connect(echo)
    const [chat, quiet] = [sessions.open(), sessions.open({ priority: 'background' })]
    await Promise.all([
      create('p1'),
      quiet.send('q1').text(),
      quiet.send('q2').text(),
      create('p2', true),
      ...['a1', 'a2', 'a3'].map((text) => chat.send(text).text()),
    ])
    const order = lastAsked(source)
    expect(order.slice(0, 2)).toEqual(['p1', 'a1'])
    // What is said next in a session comes only when the page has read the last answer.
    expect(order.indexOf('q1')).toBeLessThan(order.indexOf('q2'))
    expect(new Set(order)).toEqual(new Set(['p1', 'a1', 'a2', 'a3', 'q1', 'q2', 'p2']))
  })

  it('wait only for who is before them: one that gives up is gone at once', async () => {
    const { source, sessions } = connect(endless, echo)
    const [a, b, c] = [sessions.open(), sessions.open(), sessions.open()]
    const [stopA, stopB] = [new AbortController(), new AbortController()]
    const replies = [a.send('a', { signal: stopA.signal }), b.send('b', { signal: stopB.signal }), c.send('c')]
    await a.countTokens()
    stopB.abort(new Error('b leaves'))
    await expect(replies[1]?.text()).rejects.toThrow('b leaves')
    expect(b.messages).toEqual([])
    stopA.abort(new Error('a leaves'))
    expect(await replies[2]?.text()).toBe('c!')
    expect(lastAsked(source)).toEqual(['a', 'c'])
    expect(await b.send('again').text()).toBe('again!')
  })

  it('do not wait for one that is not read', async () => {
    let pushed = 0
    const long: Script = async (_request, { accepted, part }) => {
      accepted()
      for (; pushed < 5000; pushed++) await part({ type: 'content', text: 'x' })
      return {}
    }
    const { source, sessions } = connect(long, echo)
    const completions = new Completions(source, source.info)
    const unread = await completions.create({ messages: [{ role: 'user', content: 'long' }], stream: true })
    expect(await sessions.open().send('b').text()).toBe('b!')
    expect(pushed).toBe(5000)
    let text = ''
    for await (const chunk of unread) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).toBe('x'.repeat(5000))
  })
})
