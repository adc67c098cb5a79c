import { describe, expect, it } from 'vitest'
import { SampanError } from '../errors.ts'
import { asked, echo, type ScriptedSessions, sessionsOf } from '../test-support/scripted-sessions.ts'
import { type Script, ScriptedSource, saying } from '../test-support/scripted-source.ts'
import type { SavedSession, SessionOptions } from './session-types.ts'

const model = (source: string, hash?: string, script: Script = echo): ScriptedSessions =>
  sessionsOf(new ScriptedSource(script), { source, ...(hash !== undefined && { hash }) })

async function saved(
  { open }: ScriptedSessions = model('a/b', 'h'),
  options: SessionOptions = { system: 's', temperature: 0, onFull: 'drop-oldest', onAbort: 'roll-back' },
): Promise<SavedSession> {
  const chat = open(options)
  await chat.send('one').text()
  return JSON.parse(JSON.stringify(chat.save()))
}

describe('a saved session', () => {
  it('goes on where it was, after a trip through JSON, on the same model from elsewhere', async () => {
    const data = await saved(model('https://one.test/m.gguf', 'h'))
    const { open, source } = model('m.gguf', 'h')
    const chat = open({ restore: data })
    expect(chat.save()).toEqual({ ...data, model: { source: 'm.gguf', hash: 'h' } })
    expect(await chat.send('two').text()).toBe('two!')
    expect(asked(source)).toEqual([['s', 'one', 'one!', 'two']])
    expect(source.requests[0]?.temperature).toBe(0)
    const forgets = chat.messages
    for await (const _ of chat.send('three')) break
    expect(chat.messages).toBe(forgets)
  })

  it('takes what is given beside it before its own', async () => {
    const { open, source } = model('a/b', 'h')
    const chat = open({
      restore: await saved(),
      temperature: 1,
      seed: 2,
      onAbort: 'keep',
      onFull: ({ messages }) => messages,
    })
    await chat.send('two').text()
    expect(source.requests[0]).toMatchObject({ temperature: 1, seed: 2 })
    expect(chat.save()).toMatchObject({ onAbort: 'keep' })
    // A function cannot be saved.
    expect(chat.save()).not.toHaveProperty('onFull')
    for (const own of [{ system: 'x' }, { messages: [] }])
      expect(() => open({ restore: chat.save(), ...own })).toThrow(expect.objectContaining({ code: 'option-invalid' }))
  })

  it('keeps thoughts, and calls that are not answered yet, and is no part of what is being answered', async () => {
    const call = { type: 'tool-call', index: 0, id: 'x', name: 'f' } as const
    const thinking = saying({ type: 'reasoning', text: 'hm' }, call, { type: 'tool-arguments', index: 0, text: '{}' })
    const data = await saved(model('a/b', 'h', thinking), { tools: [{ type: 'function', function: { name: 'f' } }] })
    const { open, source } = model('a/b', 'h')
    const chat = open({ restore: data })
    expect(chat.messages.at(-1)).toMatchObject({ reasoning_content: 'hm', tool_calls: [{ id: 'x' }] })
    const reply = chat.send({ role: 'tool', tool_call_id: 'x', content: 'done' })
    expect(chat.save()).toEqual(data)
    expect(await reply.text()).toBe('done!')
    expect(source.requests[0]?.tools).toEqual([{ name: 'f' }])
  })

  it.each([
    ['another hash', model('a/b', 'other')],
    ['no hash, and another address', model('c/d')],
  ])('is refused by a model with %s, unless it may be', async (_, other) => {
    const data = await saved()
    expect(() => other.open({ restore: data })).toThrow(
      expect.objectContaining({ code: 'session-mismatch', details: expect.objectContaining({ saved: data.model }) }),
    )
    const chat = other.open({ restore: data, allowOtherModel: true })
    expect(await chat.send('two').text()).toBe('two!')
    expect(chat.save().model).not.toEqual(data.model)
  })

  it('is known by its address where a hash is missing', async () => {
    const data = await saved()
    expect(model('a/b').open({ restore: data }).messages).toHaveLength(3)
  })

  const deep: unknown = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)
  it.each<[unknown, Record<string, unknown>]>([
    ['restore.type', { type: 'session' }],
    ['restore.version', { version: 2 }],
    ['restore.model', { model: null }],
    ['restore.model.source', { model: { source: 1 } }],
    ['restore.model.hash', { model: { source: 'a/b', hash: {} } }],
    ['restore.messages', { messages: 'x' }],
    ['restore.messages', { messages: undefined }],
    ['restore.messages', { messages: Array.from({ length: 100_001 }, () => ({ role: 'user', content: '' })) }],
    ['restore.messages[0]', { messages: [null] }],
    ['restore.messages[0].role', { messages: [{ role: 'root', content: '' }] }],
    ['restore.messages[0].content', { messages: [{ role: 'user', content: { text: 'x' } }] }],
    ['restore.messages[0].tool_call_id', { messages: [{ role: 'tool', content: '', tool_call_id: 'x' }] }],
    ['restore.messages[0].deep', { messages: [{ role: 'user', content: '', deep: 1 }] }],
    ['restore.messages[0]', { messages: [{ role: 'assistant', content: '', parsed: deep }] }],
    ['restore.fields', { fields: [] }],
    ['restore.fields.temperature', { fields: { temperature: 1e9 } }],
    ['restore.fields.messages', { fields: { messages: [] } }],
    ['restore.onFull', { onFull: 'forget' }],
    ['restore.onAbort', { onAbort: 1 }],
    ['restore.tokens', { tokens: [1] }],
    ['restore.tokens.prompt', { tokens: { prompt: '1', added: 0, answer: [] } }],
    ['restore.tokens.prompt[1]', { tokens: { prompt: [1, -1], added: 0, answer: [] } }],
    ['restore.tokens.answer[0]', { tokens: { prompt: [1], added: 0, answer: [2 ** 32] } }],
    ['restore.tokens.added', { tokens: { prompt: [1], added: 2, answer: [] } }],
    ['restore.tokens.more', { tokens: { prompt: [1], added: 0, answer: [], more: [] } }],
  ])('names %s where it is not what was saved', async (field, changed) => {
    const { open } = model('a/b', 'h')
    const restore = Object({ ...(await saved()), ...changed })
    expect(() => open({ restore })).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^(request|option)-/),
        details: expect.objectContaining({ field }),
      }),
    )
  })

  it.each([[[]], ['{}'], [7], [{}]])('is not %j', (restore) => {
    expect(() => model('a/b').open(Object({ restore }))).toThrow(expect.objectContaining({ code: 'request-invalid' }))
  })
})

describe('the tokens of a session', () => {
  const prompt = Uint32Array.of(1, 2, 3)
  const answer = Uint32Array.of(4, 5)
  /** Tells the tokens of every answer but those that it is told not to. */
  const telling: Script = async (request, output, call) => {
    const end = await echo(request, output, call)
    return request.tellTokens && request.messages.at(-1)?.content !== 'quiet'
      ? { ...end, tokens: { prompt, added: 1, answer } }
      : end
  }
  const tokens = { prompt: [1, 2, 3], added: 1, answer: [4, 5] }

  it('are saved, and given to the model once, by a fork too', async () => {
    const data = await saved(model('a/b', 'h', telling))
    expect(data.tokens).toEqual(tokens)
    const { open, source } = model('a/b', 'h', telling)
    const chat = open({ restore: data })
    expect(chat.save()).toEqual(data)
    const fork = chat.fork()
    await chat.send('two').text()
    await chat.send('three').text()
    await fork.send('two').text()
    const known = { prompt, added: 1, answer }
    expect(source.requests.map(({ knownTokens }) => knownTokens)).toEqual([known, undefined, known])
  })

  it('are given again after an answer that failed', async () => {
    const failing: Script = async (request, output, call) => {
      if (call === 0) throw new SampanError('device-lost', 'gone')
      return telling(request, output, call)
    }
    const { open, source } = model('a/b', 'h', failing)
    const chat = open({ restore: { ...(await saved()), tokens } })
    await expect(chat.send('two').text()).rejects.toMatchObject({ code: 'device-lost' })
    await chat.send('two').text()
    expect(source.requests.map(({ knownTokens }) => knownTokens !== undefined)).toEqual([true, true])
  })

  it('are not those of what was taken back, was not complete, or was not told', async () => {
    const { open } = model('a/b', 'h', telling)
    const chat = open()
    await chat.send('one').text()
    await chat.send('secret').text()
    await chat.rewind()
    expect(chat.save()).not.toHaveProperty('tokens')
    await chat.send('two').text()
    for await (const _ of chat.send('three')) break
    expect(chat.save()).not.toHaveProperty('tokens')
    await chat.send('four').text()
    expect(chat.save().tokens).toEqual(tokens)
    await chat.send('quiet').text()
    expect(chat.save()).not.toHaveProperty('tokens')
  })

  it('are not given to another model', async () => {
    const { open, source } = model('c/d', 'other', telling)
    const chat = open({ restore: await saved(model('a/b', 'h', telling)), allowOtherModel: true })
    await chat.send('two').text()
    expect(source.requests[0]).not.toHaveProperty('knownTokens')
  })
})
