import { describe, expect, it } from 'vitest'
import { Completions } from '../chat/completions.ts'
import { SampanError } from '../errors.ts'
import { WorkerClient } from '../worker/worker-client.ts'
import { checkCallOptions } from './check-load-options.ts'
import { load } from './load.ts'

/** Whatever a caller without a compiler may write. */
const anything = (value: unknown): { readonly value: never } => Object({ value })

describe('load', () => {
  it.each([[undefined], [null], [5], [true], [{ mlc: undefined }], [['x']], ['https://huggingface.co/a/%zz']])(
    'refuses %o with a typed error',
    async (source) => {
      const failure = load(anything(source).value)
      await expect(failure).rejects.toMatchObject({ code: 'source-invalid' })
      await expect(failure).rejects.toBeInstanceOf(SampanError)
    },
  )

  it.each<[string, unknown]>([
    ['options', null],
    ['options', 5],
    ['hub', { hub: 5 }],
    ['hub', { hub: 'nowhere' }],
    ['signal', { signal: 'stop' }],
    ['onProgress', { onProgress: 1 }],
    ['onLost', { onLost: {} }],
    ['bits', { bits: 3 }],
    ['prefixCacheBytes', { prefixCacheBytes: -1 }],
  ])('refuses bad %s with a typed error', async (_, options) => {
    await expect(load('a/b', anything(options).value)).rejects.toMatchObject({ code: 'option-invalid' })
  })
})

describe('create', () => {
  const { port1 } = new MessageChannel()
  const worker = Object.assign(port1, { onerror: null, terminate: () => port1.close() })
  const completions = new Completions(new WorkerClient(anything(worker).value), { source: 'test' })
  const request = { messages: [{ role: 'user', content: 'x' } as const] }

  it.each([[undefined], [null], [5], [true], [[]]])('refuses the request %o with a typed error', async (bad) => {
    await expect(completions.create(anything(bad).value)).rejects.toMatchObject({ code: 'request-invalid' })
  })

  it('refuses bad options with a typed error', async () => {
    for (const options of [5, 'x', { signal: 5 }])
      await expect(completions.create(request, anything(options).value)).rejects.toMatchObject({
        code: 'option-invalid',
      })
  })
})

it('options of other calls may be left out, and must be an object', () => {
  for (const none of [undefined, null]) expect(checkCallOptions(none, 'reload')).toEqual({})
  const forced = { forced: true }
  expect(checkCallOptions(forced, 'replay')).toBe(forced)
  expect(() => checkCallOptions(anything('x').value, 'replay')).toThrow(
    expect.objectContaining({ code: 'option-invalid', message: expect.stringContaining('replay') }),
  )
})
