import { readFileSync } from 'node:fs'
import { type ByteSource, bytesSource, openGguf } from '@sampan/engine'
import { expect, it } from 'vitest'
import { huggingFace } from '../hub/hubs.ts'
import { browserNetwork } from '../network/network.ts'
import { sendRange, serveTest } from '../test-support/test-server.ts'
import { checkpointBlob, checkpointFile } from './checkpoint-blob.ts'
import { openCheckpoint } from './open-checkpoint.ts'

const pocket = readFileSync(new URL('../../../pocket/pocket.gguf', import.meta.url))
const { signal } = new AbortController()

it('is the file, byte for byte, fetched once', async () => {
  const server = await serveTest((request, response) => sendRange(request, response, pocket))
  try {
    const url = `${server.url}/pocket.gguf`
    const { checkpoint } = await openCheckpoint(
      { kind: 'url', url },
      { hub: huggingFace, network: browserNetwork, signal },
    )
    const seen: number[] = []
    const report = ({ phase, loaded, total }: { phase: string; loaded: number; total: number }): void => {
      expect([phase, total]).toEqual(['weights', pocket.length])
      seen.push(loaded)
    }
    const blob = await checkpointBlob(checkpointFile(checkpoint), report, signal)
    expect(Buffer.from(await blob.arrayBuffer()).equals(pocket)).toBe(true)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect([seen[0], seen.at(-1)]).toEqual([0, pocket.length])
    const asked = server.requests.map((request) => /bytes=(\d+)-(\d+)$/.exec(request) ?? [])
    const bytes = asked.reduce((sum, [, first, last]) => sum + Number(last) + 1 - Number(first), 0)
    expect(bytes).toBeLessThanOrEqual(pocket.length)
  } finally {
    await server.close()
  }
})

it('stops between two parts, and passes on what its source throws', async () => {
  const source = bytesSource(Uint8Array.from(pocket), 'pocket')
  const controller = new AbortController()
  const reads: number[] = []
  const watched: ByteSource = {
    ...source,
    read: (start, end, signal) => {
      reads.push(start)
      return source.read(start, end, signal)
    },
  }
  const checkpoint = await openGguf(watched)
  reads.length = 0
  const stop = ({ loaded }: { loaded: number }): void => {
    if (loaded > 0) controller.abort(new Error('enough'))
  }
  await expect(checkpointBlob(checkpointFile(checkpoint), stop, controller.signal)).rejects.toThrow('enough')
  expect(reads.length).toBeLessThanOrEqual(2)
})
