import { describe, expect, it } from 'vitest'
import { joined, sliceOf } from './ranged-response.ts'

const whole = (): Response => new Response('0123456789', { headers: { 'Content-Type': 'text/plain' } })
const seen = async (range: string | null): Promise<unknown> => {
  const response = await sliceOf(whole(), range)
  return [response.status, response.headers.get('Content-Range'), await response.text()]
}

describe('sliceOf', () => {
  it('gives the bytes that are asked for, up to the end of the file', async () => {
    expect(await seen('bytes=0-3')).toEqual([206, 'bytes 0-3/10', '0123'])
    expect(await seen('bytes=8-99')).toEqual([206, 'bytes 8-9/10', '89'])
    expect(await seen('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789'])
  })

  it('gives all where nothing, or something that it does not know, is asked for', async () => {
    expect(await seen(null)).toEqual([200, null, '0123456789'])
    expect(await seen('bytes=-3')).toEqual([200, null, '0123456789'])
    expect(await seen('lines=1-2')).toEqual([200, null, '0123456789'])
  })

  it('refuses what lies behind the end', async () => {
    expect(await seen('bytes=10-11')).toEqual([416, 'bytes */10', ''])
    expect(await seen('bytes=5-4')).toEqual([416, 'bytes */10', ''])
  })
})

describe('joined', () => {
  it('makes a whole of a part that is all', async () => {
    const again = await joined(await sliceOf(whole(), 'bytes=0-'))
    expect([again?.status, await again?.text()]).toEqual([200, '0123456789'])
    expect(await joined(await sliceOf(whole(), 'bytes=0-8'))).toBeUndefined()
    expect(await joined(await sliceOf(whole(), 'bytes=1-'))).toBeUndefined()
    expect(await joined(whole())).toBeUndefined()
  })
})
