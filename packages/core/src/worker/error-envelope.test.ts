import { EngineError } from '@sampan/engine'
import { describe, expect, it } from 'vitest'
import { SampanError } from '../errors.ts'
import { type ErrorEnvelope, packError, unpackError } from './error-envelope.ts'

async function cross(error: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel()
  const received = new Promise<ErrorEnvelope>((resolve) => {
    port2.onmessage = ({ data }: MessageEvent<ErrorEnvelope>) => resolve(data)
  })
  port1.postMessage(packError(error))
  const envelope = await received
  port1.close()
  return unpackError(envelope)
}

describe('errors over a message channel', () => {
  it('keeps class, code, message, details, stack and causes', async () => {
    const cause = new SampanError('network-failed', 'the line is dead', { url: 'u' })
    const error = new EngineError('file-truncated', 'load it anew', { size: 3, list: [1] }, cause)
    const received = await cross(error)
    expect(received).toBeInstanceOf(SampanError)
    expect(EngineError.isInstance(received)).toBe(true)
    expect(received).toMatchObject({
      name: 'EngineError',
      code: 'file-truncated',
      message: 'load it anew',
      details: { size: 3, list: [1] },
      stack: error.stack,
      cause: { name: 'SampanError', code: 'network-failed', details: { url: 'u' } },
    })
  })

  it('keeps aborts aborts', async () => {
    const received = await cross(new DOMException('stopped', 'AbortError'))
    expect(received).toBeInstanceOf(DOMException)
    expect(received).toMatchObject({ name: 'AbortError', message: 'stopped' })
  })

  it('gives what nobody foresaw a code', async () => {
    expect(await cross(new TypeError('x is not a function'))).toMatchObject({
      code: 'internal',
      message: expect.stringContaining('TypeError: x is not a function'),
    })
    expect(await cross('a string')).toMatchObject({ code: 'internal' })
    expect(await cross(undefined)).toMatchObject({ code: 'internal' })
  })

  it('survives details that cannot be cloned, and circles of causes', async () => {
    const error: SampanError = new SampanError('internal', 'x', { fn: () => 1, symbol: Symbol('s'), fine: 1 })
    expect(await cross(error)).toMatchObject({ details: { symbol: 'Symbol(s)', fine: 1 } })
    error.cause = error
    expect(await cross(error)).toMatchObject({ code: 'internal', cause: { cause: { code: 'internal' } } })
  })
})
