import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type StaticServer, startStaticServer } from '../hub/static-server.ts'
import type { Fault, FaultKind, FaultPlan } from './fault.ts'
import { faultAt, firstFault, passingFaults, planFaults } from './plan.ts'

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 253))

describe('a plan', () => {
  const drawn = (plan: FaultPlan): (Fault | undefined)[] =>
    Array.from({ length: 300 }, (_, index) => plan({ kind: 'cdn', path: 'a', number: index + 1, range: undefined }))

  it('is the same for the same seed and another for another', () => {
    expect(drawn(planFaults(3))).toEqual(drawn(planFaults(3)))
    expect(drawn(planFaults(3))).not.toEqual(drawn(planFaults(4)))
  })

  it('has all kinds of faults, no longer bursts than it may, and an end', () => {
    const faults = drawn(planFaults(5, { percent: 70, burst: 2, calmAfter: 200 }))
    expect(new Set(faults.flatMap((fault) => (fault ? [fault.kind] : [])))).toEqual(new Set(passingFaults))
    const bursts = faults.map((fault) => (fault ? 'x' : '.')).join('')
    expect(bursts).toContain('xx')
    expect(bursts).not.toContain('xxx')
    expect(bursts.slice(200)).toMatch(/^\.+$/)
  })
})

describe('a fault', () => {
  let server: StaticServer
  beforeAll(async () => {
    server = await startStaticServer()
    server.put('file', content)
  })
  beforeEach(() => {
    server.faults = undefined
  })
  afterAll(() => server.close())

  /** How the first request for a range of bytes ends, and the second. */
  async function ask(fault: Fault): Promise<readonly [string, string]> {
    const number = server.count('file') + 1
    server.faults = firstFault(faultAt('other', 'file', fault, number))
    return [await once(), await once()]
  }

  async function once(): Promise<string> {
    const signal = AbortSignal.timeout(2000)
    const headers = { range: 'bytes=1000-150999' }
    try {
      const answer = await fetch(`${server.url}/file`, { headers, signal })
      const bytes = Buffer.from(await answer.arrayBuffer())
      const right = bytes.equals(content.subarray(1000, 151_000)) ? 'right' : 'wrong'
      return `${answer.status} ${answer.headers.get('content-range') === 'bytes 1000-150999/200000' ? right : 'other'} ${bytes.length}`
    } catch {
      return 'failed'
    }
  }

  const sound = '206 right 150000'
  const cases: readonly (readonly [Fault, string | RegExp])[] = [
    [{ kind: 'status', status: 503 }, /^503 other/],
    [{ kind: 'status', status: 429 }, /^429 other 5\d{4}$/],
    [{ kind: 'refused' }, 'failed'],
    [{ kind: 'cut', after: 70_000 }, 'failed'],
    [{ kind: 'stall', after: 70_000, milliseconds: 100 }, 'failed'],
    [{ kind: 'drip', bytes: 50_000, milliseconds: 5 }, sound],
    [{ kind: 'wrong-length', by: 10 }, 'failed'],
    [{ kind: 'wrong-length', by: -10 }, /^(failed|206 wrong 149990)$/],
    [{ kind: 'too-many', bytes: 10 }, '206 wrong 150010'],
    [{ kind: 'range-ignored' }, '200 other 200000'],
    [{ kind: 'wrong-range', by: 10 }, '206 other 150000'],
    [{ kind: 'changed' }, '206 wrong 150000'],
    [{ kind: 'html' }, /^200 other \d{3}$/],
    [{ kind: 'json' }, /^200 other \d{2}$/],
    [{ kind: 'expired' }, /^403 other/],
    [{ kind: 'flip', at: 123_456 }, '206 wrong 150000'],
    // Node's fetch takes the encoding off; a browser does not for a range.
    [{ kind: 'gzip' }, sound],
  ]
  it.each(cases)('%o: once, and then no more', async (fault, outcome) => {
    const [first, second] = await ask(fault)
    if (typeof outcome === 'string') expect(first).toBe(outcome)
    else expect(first).toMatch(outcome)
    expect(second).toBe(sound)
  })

  it('is tried here for every kind there is', () => {
    const tried = new Set(cases.map(([{ kind }]) => kind))
    const every: Readonly<Record<FaultKind, true>> = {
      status: true,
      refused: true,
      cut: true,
      stall: true,
      drip: true,
      'wrong-length': true,
      'too-many': true,
      'range-ignored': true,
      'wrong-range': true,
      changed: true,
      gzip: true,
      html: true,
      json: true,
      expired: true,
      flip: true,
    }
    expect(tried).toEqual(new Set(Object.keys(every)))
  })

  it('is in the log, and only the bytes that went out are counted', async () => {
    const before = server.bytesSent('file')
    await ask({ kind: 'cut', after: 70_000 })
    expect(server.log.at(-2)).toMatchObject({ fault: { kind: 'cut' }, bytesSent: 70_000 })
    expect(server.bytesSent('file')).toBe(before + 70_000 + 150_000)
  })
})

describe('a server of plain files', () => {
  const wants = { range: 'bytes=0-9', 'accept-encoding': 'gzip' }

  it('can be without ranges, and zip', async () => {
    const server = await startStaticServer({ ranges: false, gzip: true, etag: 'weak' })
    server.put('a/file', content)
    const answer = await fetch(`${server.url}/a/file`, { headers: wants })
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, null])
    expect(answer.headers.get('etag')).toMatch(/^W\/"/)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(content)
    await server.close()
  })

  it('can put another file in place of one', async () => {
    const server = await startStaticServer()
    const etag = async (): Promise<string | null> => (await fetch(`${server.url}/file`)).headers.get('etag')
    expect((await fetch(`${server.url}/file`)).status).toBe(404)
    server.put('file', content)
    const first = await etag()
    server.put('file', content.subarray(1))
    expect(first).not.toBe(await etag())
    expect((await fetch(`${server.url}/file`, { headers: { range: 'bytes=999999-' } })).status).toBe(416)
    await server.close()
  })
})
