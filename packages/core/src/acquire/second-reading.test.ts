import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { HashPlan } from '../download/download-types.ts'
import { browserNetwork } from '../network/network.ts'
import { type FilesServer, serveFiles } from '../test-support/serve-files.ts'
import { SecondReading } from './second-reading.ts'

const content = Uint8Array.from({ length: 5_000 }, (_, at) => Math.imul(at, 0x9e37_79b1) >>> 24)
/** Two tensors, with something between them and behind. */
const plan: HashPlan = {
  pieceBytes: 1_000,
  ranges: [
    { start: 100, end: 2_600 },
    { start: 3_000, end: 4_000 },
  ],
}
const digestOf = (start: number, end: number): string =>
  createHash('sha256').update(content.subarray(start, end)).digest('hex')
const digests = [[digestOf(100, 1_100), digestOf(1_100, 2_100), digestOf(2_100, 2_600)], [digestOf(3_000, 4_000)]]

let server: FilesServer
beforeAll(async () => {
  server = await serveFiles(new Map())
})
beforeEach(() => {
  server.files.set('/file', content)
  server.forget()
})
afterAll(() => server?.close())

function open(): { readonly reading: SecondReading; readonly differs: unknown[] } {
  const differs: unknown[] = []
  const url = `${server.url}/file`
  const reading = new SecondReading(
    { path: 'file', url },
    {
      ...{ size: content.length, tools: { network: browserNetwork, signal: new AbortController().signal }, plan },
      ...{ digests: async () => digests, onBytes: () => {}, onRead: () => {} },
      onDiffers: (error) => void differs.push(error),
    },
  )
  return { reading, differs }
}

it.each([
  [100, 2_600],
  [1_500, 1_600],
  [2_099, 2_101],
  [0, 5_000],
  [2_600, 3_000],
  [3_999, 5_000],
])('gives bytes %i to %i of what the plan covers, as they were', async (start, end) => {
  const expected = new Uint8Array(end - start)
  for (const range of plan.ranges) {
    const [from, until] = [Math.max(start, range.start), Math.min(end, range.end)]
    if (from < until) expected.set(content.subarray(from, until), from - start)
  }
  expect(await open().reading.read(start, end)).toEqual(expected)
})

it('fetches each piece once for reads that follow each other', async () => {
  const { reading } = open()
  await Promise.all([reading.read(100, 600), reading.read(600, 1_100), reading.read(1_000, 1_200)])
  // And one byte, to see what answers.
  expect(server.sent()).toBe(2_001)
})

it('gives nothing of a file that is another now, and says so', async () => {
  const other = Uint8Array.from(content)
  other[1_200] = 1 ^ (other[1_200] ?? 0)
  server.files.set('/file', other)
  const { reading, differs } = open()
  expect(await reading.read(100, 1_100)).toEqual(content.slice(100, 1_100))
  const error = await reading.read(1_000, 1_200).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'hash-mismatch', details: { expected: digests[0]?.[1] } })
  expect(differs).toEqual([error])
})
