import { describe, expect, it } from 'vitest'
import { checkFallback } from './check-fallback.ts'
import { checkConsent, checkServer } from './check-server.ts'
import { FALLBACK_CODES } from './fallback-types.ts'
import type { Target } from './target.ts'

const KEY = 'sk-very-secret-0123456789'
const auto: Target = { kind: 'device', backend: 'auto' }
const server = { url: 'https://llm.test/v1', model: 'm' }
const origin = 'https://llm.test'

/** What `check` throws, and that it shows no key. */
function refusal(check: () => unknown): unknown {
  try {
    check()
  } catch (error) {
    const { code, message, details } = Object(error)
    expect(`${message} ${JSON.stringify(details)}`).not.toContain(KEY)
    return { code, ...details }
  }
  return undefined
}

describe('fallback rules', () => {
  it('are data, and come back from JSON the same', () => {
    const rules = [
      { when: ['device-lost', 'device-out-of-memory'], to: 'wllama' },
      { when: [...FALLBACK_CODES], to: { server } },
    ]
    const routes = checkFallback(JSON.parse(JSON.stringify(rules)), { [origin]: { apiKey: KEY } }, auto)
    expect(routes).toMatchObject([
      { target: { kind: 'device', backend: 'wllama' } },
      { target: { kind: 'server', host: 'llm.test', origin, credentials: { apiKey: KEY } } },
    ])
    expect([...(routes[0]?.when ?? [])]).toEqual(['device-lost', 'device-out-of-memory'])
  })

  it('go to the CPU for GGUF by themselves, where nothing else is said', () => {
    expect(checkFallback(undefined, undefined, auto)).toMatchObject([{ target: { backend: 'wllama' }, loading: true }])
    expect(checkFallback([], undefined, auto)).toEqual([])
    expect(checkFallback(undefined, undefined, { kind: 'device', backend: 'sampan' })).toEqual([])
    expect(checkFallback(undefined, undefined, checkServer(server, undefined, 'server'))).toEqual([])
  })

  const when = ['device-lost']
  it.each<[string, unknown, string]>([
    ['no list', { when, to: 'wllama' }, 'fallback'],
    ['too many', Array.from({ length: 17 }, () => ({ when, to: 'wllama' })), 'fallback'],
    ['no rule', [null], 'fallback[0]'],
    ['a rule with more', [{ when, to: 'wllama', consent: true }], 'fallback[0]'],
    ['no codes', [{ when: [], to: 'wllama' }], 'fallback[0].when'],
    ['a code alone', [{ when: 'device-lost', to: 'wllama' }], 'fallback[0].when'],
    ['an unknown code', [{ when: ['gpu-gone'], to: 'wllama' }], 'fallback[0].when'],
    ['a code that is no text', [{ when: [{ toString: 1 }], to: 'wllama' }], 'fallback[0].when'],
    ['a mistake of the call', [{ when: ['option-invalid'], to: 'wllama' }], 'fallback[0].when'],
    ['consent that is missing', [{ when: ['consent-missing'], to: 'wllama' }], 'fallback[0].when'],
    ['an unknown place', [{ when, to: 'cloud' }], 'fallback[0].to'],
    ['a server as a string', [{ when, to: 'https://llm.test/v1' }], 'fallback[0].to'],
    ['a server and more', [{ when, to: { server, apiKey: KEY } }], 'fallback[0].to'],
    ['a key in the data', [{ when, to: { server: { ...server, apiKey: KEY } } }], 'fallback[0].to.server'],
    ['another kind', [{ when, to: { server: { ...server, kind: 'ollama' } } }], 'fallback[0].to.server.kind'],
    ['a key in the address', [{ when, to: { server: { url: `https://x:${KEY}@y/` } } }], 'fallback[0].to.server.url'],
    ['a key in the query', [{ when, to: { server: { url: `https://x/?${KEY}` } } }], 'fallback[0].to.server.url'],
    ['the same place twice', [...when, ...when].map((code) => ({ when: [code], to: 'wllama' })), 'fallback[1].to'],
    ['the same server twice', [when, ['worker-failed']].map((when) => ({ when, to: { server } })), 'fallback[1].to'],
  ])('with %s are refused', (_, rules, option) => {
    expect(refusal(() => checkFallback(rules, undefined, auto))).toEqual({ code: 'option-invalid', option })
  })

  it('that go in circles are refused', () => {
    const to = 'sampan'
    const circle = (): unknown => checkFallback([{ when, to }], undefined, { kind: 'device', backend: 'sampan' })
    expect(refusal(circle)).toEqual({ code: 'option-invalid', option: 'fallback[0].to' })
    const first = checkServer(server, undefined, 'server')
    for (const to of [{ server }, 'wllama'])
      expect(refusal(() => checkFallback([{ when, to }], undefined, first))).toMatchObject({ option: 'fallback[0].to' })
  })
})

describe('consent', () => {
  it('is for one origin: scheme, host and port', () => {
    const given = { [origin]: true } as const
    const credentials = (url: string): unknown => checkServer({ url }, given, 'server').credentials
    expect(credentials('https://llm.test/v1')).toEqual({})
    expect(credentials('https://LLM.test:443/other/v1')).toEqual({})
    for (const url of [
      'http://llm.test/v1',
      'https://llm.test:8443/v1',
      'https://llm.test.evil.example/v1',
      'https://test/v1',
    ])
      expect(credentials(url)).toBeUndefined()
    expect(checkServer({ url: 'https://constructor/' }, {}, 'server').credentials).toBeUndefined()
  })

  it.each([
    [true],
    [[origin]],
    ['https://llm.test'],
    [null],
    [{ 'llm.test': true }],
    [{ 'https://llm.test/v1': true }],
    [{ 'https://llm.test/': true }],
    [{ [origin]: false }],
    [{ [origin]: KEY }],
    [{ [origin]: { key: KEY } }],
    [{ [origin]: { apiKey: [KEY] } }],
    [{ [origin]: { headers: { 'X-Key': [KEY] } } }],
  ])('is refused as %j, without showing it', (consent) => {
    expect(refusal(() => checkConsent(consent))).toMatchObject({ code: 'option-invalid' })
  })
})
