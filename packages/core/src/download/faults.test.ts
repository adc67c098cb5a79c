import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { browserNetwork } from '../network/network.ts'
import { LASTING } from '../network/patience.ts'
import { type FileFault, type FileServerOptions, serveFile } from '../test-support/file-server.ts'
import { seededRandom } from '../test-support/seeded-random.ts'
import { DownloadSource } from './download-source.ts'
import type { DownloadState, HashPlan } from './download-types.ts'

/** `npm run soak` runs many more; a failure names its seed. */
const RUNS = process.env['SAMPAN_SOAK'] ? 400 : 10
const FIRST_SEED = 6_000

const MOST_RANGE_BYTES = 3 << 20
const signal = new AbortController().signal

const all = new Uint8Array(16 << 20)
for (let at = 0; at < all.length; at++) all[at] = (at * 31 + (at >> 9)) ^ (at >> 17)

/** What a run is made of, all from its seed. */
function plan(seed: number) {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const size = random() < 0.2 ? below(3_000) : below(all.length)
  const content = all.subarray(0, size)
  const kinds = ['direct', 'redirect', 'bound'] as const
  const ranges = random() < 0.85
  const often = random() * 0.4
  const fault = (start: number, end: number): FileFault | undefined => {
    if (random() > often) return
    const after = below(Math.max(1, end - start))
    const faults: FileFault[] = [
      { kind: 'cut', after },
      { kind: 'cut', after },
      { kind: 'stall', after },
      {
        kind: 'status',
        status: random() < 0.5 ? 503 : 429,
        ...(random() < 0.5 && { headers: { 'Retry-After': '0' } }),
      },
      { kind: 'other-range' },
      { kind: 'excess' },
      { kind: 'whole' },
      { kind: 'expired' },
    ]
    // Without ranges each cut costs all that came before, and there is no address that expires.
    return faults[below(ranges && served.kind !== 'direct' ? faults.length : ranges ? faults.length - 1 : 4)]
  }
  const served: FileServerOptions = {
    ...{ content, ranges, fault },
    kind: kinds[below(kinds.length)] ?? 'direct',
    hideContentRange: random() < 0.3,
  }
  const hashes: HashPlan = {
    pieceBytes: 1 << 20,
    ranges: size > 100 ? [{ start: below(50), end: 50 + below(size - 50) }] : [],
  }
  return { random, below, content, served, hashes }
}

function piecesOf(content: Uint8Array, { pieceBytes, ranges }: HashPlan): string[][] {
  return ranges.map(({ start, end }) => {
    const digests: string[] = []
    for (let at = start; at < end; at += pieceBytes)
      digests.push(digestOf(content.subarray(at, Math.min(end, at + pieceBytes))))
    return digests
  })
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('a download from a server with faults', () => {
  it.each(Array.from({ length: RUNS }, (_, index) => FIRST_SEED + index))(
    'has the same bytes and digests in the end, through kills too, and fetches little twice: seed %i',
    async (seed) => {
      const { random, below, content, served, hashes } = plan(seed)
      const server = await serveFile(served)
      const file = { path: 'file.gguf', url: server.url, size: content.length, sha256: digestOf(content) }
      let from: DownloadState | undefined
      let [received, lost, kills] = [0, 0, 0]
      try {
        for (;;) {
          const ending = new AbortController()
          const source = await DownloadSource.open(file, {
            network: browserNetwork,
            signal: ending.signal,
            plan: hashes,
            ...(from && { from }),
            onBytes: (bytes) => {
              received += bytes
            },
            http: {
              random,
              firstPauseMs: 1,
              // Long enough for two busy processors to answer.
              stallMs: 700,
              patience: { ...LASTING, attempts: 30, busyAttempts: 30, longestPauseMs: 3, longestBusyPauseMs: 3 },
            },
          })
          const killAt = kills < 3 && random() < 0.6 ? below(content.length) : Number.POSITIVE_INFINITY
          const before = received
          const start: number = from?.position ?? 0
          let at = start
          let reached = start
          const reads: (() => Promise<void>)[] = []
          while (at < content.length && at < killAt) {
            const skipped = random() < 0.1 ? below(300_000) : 0
            const begin = Math.min(content.length, at + skipped)
            const end = Math.min(content.length, begin + 1 + below(2 << 20))
            const read = source.read(begin, end)
            read.catch(() => {})
            reads.push(async () => {
              if (Buffer.compare(await read, content.subarray(begin, end)) !== 0)
                throw new Error(`wrong bytes from ${begin} to ${end}`)
              reached = end
            })
            if (reads.length > 3) await reads.shift()?.()
            at = end
          }
          if (killAt === Number.POSITIVE_INFINITY) {
            for (const read of reads) await read()
            const { sha256, pieces } = await source.finish(signal)
            expect(sha256).toBe(file.sha256)
            expect(pieces).toEqual(piecesOf(content, hashes))
            source.close()
            break
          }
          from = await source.state(reached > start && random() < 0.5 ? reached : undefined)
          lost += received - before - (from.position - start)
          ending.abort(new Error('killed'))
          kills++
        }
        const asked = [...server.hub.requests, ...server.cdn.requests]
        if (served.ranges && !server.faults.some(({ kind }) => kind === 'whole')) {
          // All that came was wanted, but for what a kill found in the window.
          expect(received).toBe(content.length + lost)
          expect(lost).toBeLessThanOrEqual(kills * (12 << 20))
          // A range more for each that was not the end of it, be it by a fault, a kill or a machine too busy to answer in time.
          const ranges = asked.filter((request) => request.includes('bytes=')).length
          const spare = ranges - Math.ceil(content.length / MOST_RANGE_BYTES)
          expect(server.sent()).toBeLessThanOrEqual(content.length + Math.max(0, spare) * MOST_RANGE_BYTES)
        }
        expect(asked.length).toBeLessThanOrEqual(16 * (1 + kills) + 6 * server.faults.length)
      } finally {
        await server.close()
      }
    },
    30_000,
  )
})
