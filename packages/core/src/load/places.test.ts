import { describe, expect, it, vi } from 'vitest'
import type { BackendModel, GenerationOutput, ModelInfo } from '../backend.ts'
import { Completions } from '../chat/completions.ts'
import type { SampanErrorCode } from '../error-codes.ts'
import { SampanError } from '../errors.ts'
import { PageClient } from '../server/page-client.ts'
import type { ReplyPlace } from './fallback-types.ts'
import type { Place } from './place.ts'
import { Places } from './places.ts'
import type { Route, Target } from './target.ts'

type Answer = (output: GenerationOutput) => Promise<void>

/** Says `text`. */
const saying =
  (text: string): Answer =>
  async (output) => {
    output.accepted()
    await output.part({ type: 'content', text })
  }

/** Fails before the request is accepted, before its first part, or after it. */
const failing =
  (code: SampanErrorCode, when: 'refused' | 'accepted' | 'begun' = 'refused'): Answer =>
  async (output) => {
    if (when !== 'refused') output.accepted()
    if (when === 'begun') await output.part({ type: 'content', text: 'half' })
    throw new SampanError(code, `${code} it is`)
  }

const device = (backend: 'sampan' | 'wllama'): Target => ({ kind: 'device', backend })
const server = (consents = true): Target => ({
  kind: 'server',
  server: { url: 'https://llm.test/v1' },
  origin: 'https://llm.test',
  host: 'llm.test',
  credentials: consents ? {} : undefined,
})
const nameOf = (target: Target): string => (target.kind === 'device' ? target.backend : 'server')
const route = (target: Target, ...when: SampanErrorCode[]): Route => ({ when: new Set(when), target })

interface Setup {
  readonly first?: Target
  readonly routes: readonly Route[]
  /** By place; a place that has none cannot be opened. */
  readonly answers: Readonly<Record<string, Answer>>
  readonly slow?: Promise<void>
  /** Loaded with adapters. */
  readonly adapted?: boolean
}

interface Opened {
  readonly places: Places
  readonly completions: Completions
  readonly told: ReplyPlace[]
  readonly opened: string[]
  readonly disposed: string[]
}

async function openPlaces({
  first = device('sampan'),
  routes,
  answers,
  slow,
  adapted = false,
}: Setup): Promise<Opened> {
  const [told, opened, disposed]: [ReplyPlace[], string[], string[]] = [[], [], []]
  const open = async (target: Target): Promise<Place> => {
    const name = nameOf(target)
    opened.push(name)
    if (opened.length > 1) await slow
    const answer = answers[name]
    if (!answer) throw new SampanError('device-out-of-memory', `no room on ${name}`)
    const backend = target.kind === 'device' ? 'sampan' : 'openai-compatible'
    const info: ModelInfo = {
      backend,
      source: `model of ${name}`,
      contextLength: 100,
      bytes: 0,
      fingerprint: `fp_${name}`,
    }
    const model: BackendModel = {
      info,
      lost: new Promise(() => {}),
      generate: async (_, output) => {
        await answer(output)
        return { reason: 'stop', promptTokens: 1, completionTokens: 1 }
      },
      counters: () => undefined,
      ledger: () => undefined,
      dispose: async () => void disposed.push(name),
    }
    return { client: new PageClient(model), info, ...(name === 'sampan' && { setAdapters: async () => {} }) }
  }
  const onReply = (place: ReplyPlace): void => void told.push(place)
  const places = await Places.open(first, { routes, open, onReply, adapted }, new AbortController().signal)
  return { places, completions: new Completions(places, places.info), told, opened, disposed }
}

const messages = [{ role: 'user', content: 'hi' } as const]

describe('a request', () => {
  it.each(['refused', 'accepted'] as const)('that is %s and fails goes on where a rule says', async (when) => {
    const { completions, told, opened } = await openPlaces({
      routes: [route(server(), 'device-lost')],
      answers: { sampan: failing('device-lost', when), server: saying('from afar') },
    })
    const place = {
      ...{ where: 'server', backend: 'openai-compatible', model: 'model of server', host: 'llm.test' },
      reason: 'device-lost',
    }
    for (let again = 0; again < 2; again++)
      expect(await completions.create({ messages })).toMatchObject({
        ...{ model: 'model of server', system_fingerprint: 'fp_server', computed_by: place },
        choices: [{ message: { content: 'from afar' } }],
      })
    expect(told).toEqual([place, place])
    expect(opened).toEqual(['sampan', 'server'])
  })

  it('that has given text goes nowhere else', async () => {
    const { completions, told } = await openPlaces({
      routes: [route(server(), 'device-lost')],
      answers: { sampan: failing('device-lost', 'begun'), server: saying('from afar') },
    })
    let text = ''
    const reading = (async () => {
      for await (const chunk of await completions.create({ messages, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? ''
        if (text !== '') expect(chunk.computed_by).toMatchObject({ where: 'device' })
      }
    })()
    await expect(reading).rejects.toMatchObject({ code: 'device-lost' })
    expect(text).toBe('half')
    expect(told).toMatchObject([{ where: 'device', backend: 'sampan' }])
  })

  it('goes through several places, each once, and ends with the last one’s error', async () => {
    const codes = ['device-lost', 'backend-failed', 'network-failed'] as const
    const { completions, told, opened } = await openPlaces({
      routes: [route(device('wllama'), ...codes), route(server(), ...codes)],
      answers: {
        sampan: failing('device-lost'),
        wllama: failing('backend-failed', 'accepted'),
        server: failing('network-failed'),
      },
    })
    await expect(completions.create({ messages })).rejects.toMatchObject({ code: 'network-failed' })
    expect(opened).toEqual(['sampan', 'wllama', 'server'])
    expect(told).toEqual([])
  })

  it('stays where no rule speaks of its failure, and where it is the caller’s own', async () => {
    for (const code of ['context-length-exceeded', 'request-invalid'] as const) {
      const { completions, opened } = await openPlaces({
        routes: [route(server(), 'device-lost')],
        answers: { sampan: failing(code), server: saying('no') },
      })
      await expect(completions.create({ messages })).rejects.toMatchObject({ code })
      expect(opened).toEqual(['sampan'])
    }
  })

  it('goes to no server without consent, but to what else there is', async () => {
    const routes = [route(server(false), 'device-lost'), route(device('wllama'), 'device-lost')]
    const answers = { sampan: failing('device-lost'), wllama: saying('here'), server: saying('from afar') }
    const here = await openPlaces({ routes, answers })
    expect(await here.completions.create({ messages })).toMatchObject({ choices: [{ message: { content: 'here' } }] })
    const none = await openPlaces({ routes: routes.slice(0, 1), answers })
    await expect(none.completions.create({ messages })).rejects.toMatchObject({
      code: 'consent-missing',
      details: { host: 'llm.test', code: 'device-lost' },
    })
    expect([here.opened, none.opened]).toEqual([['sampan', 'wllama'], ['sampan']])
  })

  it('tells of each choice, and of the server where it made one of them', async () => {
    let asked = 0
    const { completions, told } = await openPlaces({
      routes: [route(server(), 'device-lost')],
      answers: {
        sampan: (output) => (asked++ === 1 ? failing('device-lost') : saying('here'))(output),
        server: saying('from afar'),
      },
    })
    expect(await completions.create({ messages, n: 3 })).toMatchObject({ computed_by: { where: 'server' } })
    expect(told.map(({ where }) => where)).toEqual(['device', 'server', 'device'])
  })

  it('ends where it is aborted or left while another place is opened', async () => {
    let release = (): void => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const { completions, places, disposed } = await openPlaces({
      routes: [route(server(), 'device-lost')],
      answers: { sampan: failing('device-lost', 'accepted'), server: saying('late') },
      slow,
    })
    const controller = new AbortController()
    const aborted = completions.create({ messages }, { signal: controller.signal })
    const left = await completions.create({ messages, stream: true })
    const reading = (async () => {
      for await (const chunk of left) expect(chunk.choices[0]?.delta.content).toBe('')
    })()
    setTimeout(() => {
      controller.abort(new RangeError('enough'))
      left.controller.abort()
    }, 20)
    await expect(aborted).rejects.toThrow('enough')
    await reading
    const third = completions.create({ messages }).catch((error: unknown) => Object(error).code)
    const disposal = places.dispose(new SampanError('model-disposed', 'gone'))
    expect(await third).toBe('model-disposed')
    release()
    await disposal
    expect(disposed).toEqual(['sampan', 'server'])
  })

  it('is sent nowhere once it was left, though the place was being opened', async () => {
    let release = (): void => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    let sent = 0
    const { completions, opened } = await openPlaces({
      routes: [route(server(), 'device-lost')],
      answers: {
        sampan: failing('device-lost', 'accepted'),
        server: async (output) => {
          sent++
          await saying('from afar')(output)
        },
      },
      slow,
    })
    const left = await completions.create({ messages, stream: true })
    const reading = (async () => {
      for await (const chunk of left) expect(chunk.choices[0]?.delta.content).toBe('')
    })()
    await vi.waitUntil(() => opened.length === 2)
    left.controller.abort()
    await reading
    release()
    await completions.create({ messages })
    expect(sent).toBe(1)
  })

  it('is refused from the moment of disposal on, and so is a reload', async () => {
    const { places, completions } = await openPlaces({ routes: [], answers: { sampan: saying('late') } })
    const error = new SampanError('model-disposed', 'gone')
    const disposal = places.dispose(error)
    const calls = [places.reload({}), completions.create({ messages })]
    expect(await Promise.allSettled(calls)).toEqual(calls.map(() => ({ status: 'rejected', reason: error })))
    await disposal
  })

  it('fails by what onReply throws', async () => {
    const { completions, told } = await openPlaces({ routes: [], answers: { sampan: saying('here') } })
    told.push = () => {
      throw new RangeError('my own mistake')
    }
    await expect(completions.create({ messages })).rejects.toThrow('my own mistake')
  })
})

describe('a load', () => {
  it('goes on where a rule says, and stays there', async () => {
    const { places, completions, told, opened } = await openPlaces({
      routes: [{ ...route(device('wllama'), 'device-out-of-memory'), loading: true }],
      answers: { wllama: saying('slowly') },
    })
    expect(places.info.source).toBe('model of wllama')
    await completions.create({ messages })
    expect(told).toMatchObject([{ where: 'device', reason: 'device-out-of-memory' }])
    expect(opened).toEqual(['sampan', 'wllama'])
  })

  it('fails with what the last place says, and why it was tried', async () => {
    const failed = openPlaces({ routes: [route(device('wllama'), 'device-out-of-memory')], answers: {} })
    await expect(failed).rejects.toMatchObject({
      code: 'device-out-of-memory',
      message: expect.stringMatching(/wllama.*tried after.*sampan/),
      cause: { message: 'no room on sampan' },
    })
  })
})

describe('a model with adapters', () => {
  const lostEverywhere = {
    routes: [route(device('wllama'), 'device-lost'), route(server(), 'device-lost', 'device-out-of-memory')],
    answers: { sampan: failing('device-lost'), wllama: saying('slowly'), server: saying('from afar') },
  }

  it('is answered for by none that cannot have them, also when it has been there before', async () => {
    const { places, completions, told, opened } = await openPlaces(lostEverywhere)
    await completions.create({ messages })
    expect(opened).toEqual(['sampan', 'wllama'])
    await places.setAdapters(['org/pirate'], undefined)
    await expect(completions.create({ messages })).rejects.toMatchObject({
      code: 'device-lost',
      message: expect.stringMatching(/cannot have its adapters/),
      details: { passedOver: 'adapters' },
    })
    await places.setAdapters([], undefined)
    await completions.create({ messages })
    expect(opened).toEqual(['sampan', 'wllama'])
    expect(told).toMatchObject([{ where: 'device' }, { where: 'device' }])
  })

  it('is loaded in none that cannot have them, and goes there once they are taken off', async () => {
    const failed = openPlaces({ ...lostEverywhere, answers: {}, adapted: true })
    await expect(failed).rejects.toMatchObject({ code: 'device-out-of-memory', details: { passedOver: 'adapters' } })
    const atServer = openPlaces({ first: server(), routes: [], answers: {}, adapted: true })
    await expect(atServer).rejects.toMatchObject({ code: 'option-invalid', details: { option: 'adapters' } })

    const { places, completions, opened } = await openPlaces({ ...lostEverywhere, adapted: true })
    await expect(completions.create({ messages })).rejects.toMatchObject({ code: 'device-lost' })
    expect(opened).toEqual(['sampan'])
    await places.setAdapters([], undefined)
    await completions.create({ messages })
    expect(opened).toEqual(['sampan', 'wllama'])
  })

  it('keeps them when others could not be set', async () => {
    const { places, completions } = await openPlaces({ ...lostEverywhere, adapted: true })
    await expect(places.setAdapters([], AbortSignal.abort(new Error('no')))).rejects.toThrow('no')
    await expect(completions.create({ messages })).rejects.toMatchObject({ details: { passedOver: 'adapters' } })
  })
})
