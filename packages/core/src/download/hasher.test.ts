import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../test-support/seeded-random.ts'
import type { HashTask } from './file-hash.ts'
import type { HashReply } from './hash-protocol.ts'
import { type Hasher, localHasher, workerHasher } from './hasher.ts'
import { pairedHasher } from './paired-hasher.ts'
import { serveHasher } from './serve-hasher.ts'

const random = seededRandom(8)
const content = Uint8Array.from({ length: 6 << 20 }, () => random() * 256)
const sha256 = createHash('sha256').update(content).digest('hex')
const task: HashTask = {
  size: content.length,
  digest: 'sha256',
  plan: { pieceBytes: 1 << 20, ranges: [{ start: 5, end: content.length }] },
}

const channels: MessageChannel[] = []
afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close()
})

function overPort(): ReturnType<typeof workerHasher> {
  const channel = new MessageChannel()
  channels.push(channel)
  serveHasher(channel.port1)
  return workerHasher(channel.port2)
}

describe.each([
  ['on this thread', localHasher],
  ['behind a port', overPort],
  ['behind two ports', () => pairedHasher(overPort(), overPort())],
])('a hasher %s', (_, create: () => Hasher) => {
  it('hashes several files at once, the caller using its memory again', async () => {
    const hasher = create()
    const buffer = new Uint8Array(1_500_000)
    const runs = [hasher.begin(task), hasher.begin({ size: content.length, digest: 'git-sha1' })]
    for (let at = 0; at < content.length; at += buffer.length) {
      const part = content.subarray(at, at + buffer.length)
      for (const run of runs) {
        buffer.set(part)
        await run.update(buffer.subarray(0, part.length))
        buffer.fill(0)
      }
    }
    const [first, second] = await Promise.all(runs.map((run) => run.digests()))
    expect(first?.sha256).toBe(sha256)
    expect(first?.pieces?.[0]?.length).toBe(6)
    const gitSha1 = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
    expect(second).toEqual({ gitSha1 })
  })

  it('exports what it was at a mark, though more has come since, and goes on from there', async () => {
    const hasher = create()
    const run = hasher.begin(task)
    await run.update(content.subarray(0, 3_000_001))
    run.mark()
    await run.update(content.subarray(3_000_001, 5_000_000))
    const from = await run.export(3_000_001)
    await expect(run.export(5_000_000)).rejects.toThrow('mark')
    run.close()
    const next = hasher.begin({ ...task, from: JSON.parse(JSON.stringify(from)) })
    await next.update(content.subarray(3_000_001))
    const whole = create().begin(task)
    await whole.update(content)
    expect(await next.digests()).toEqual(await whole.digests())
  })

  it('has no digest of a file that has not come whole', async () => {
    const run = create().begin({ size: 10, digest: 'sha256' })
    await run.update(content.subarray(0, 9))
    expect(await run.digests()).toEqual({})
  })

  it('refuses a state that is none', async () => {
    const run = create().begin({ ...task, from: { position: 5, file: '{}', pieces: '{}' } })
    await expect(run.export(5)).rejects.toThrow('state')
  })
})

describe('the hasher behind a port', () => {
  it('has no more than 2 MiB under way', async () => {
    const { port1, port2 } = new MessageChannel()
    channels.push({ port1, port2 })
    let [under, most] = [0, 0]
    port1.onmessage = ({ data }) => {
      if (data.type !== 'update') return
      most = Math.max(most, ++under)
      setTimeout(() => {
        under--
        const reply: HashReply = { type: 'taken', buffer: data.buffer }
        port1.postMessage(reply, [data.buffer])
      }, 1)
    }
    await workerHasher(port2)
      .begin(task)
      .update(new Uint8Array(20 << 20))
    expect(most).toBe(4)
  })

  it('fails where the Worker never answers', async () => {
    const { port1, port2 } = new MessageChannel()
    channels.push({ port1, port2 })
    const run = workerHasher(port2, 10).begin(task)
    await expect(run.export(0)).rejects.toMatchObject({ code: 'worker-failed', details: { reason: 'timeout' } })
    await expect(run.update(content)).rejects.toMatchObject({ code: 'worker-failed' })
  })

  it('fails all that waits, and whatever follows, when its Worker is gone', async () => {
    const { port1, port2 } = new MessageChannel()
    channels.push({ port1, port2 })
    const hasher = workerHasher(port2)
    const run = hasher.begin(task)
    const [updating, digesting] = [run.update(content), run.digests()]
    hasher.fail(new Error('gone'))
    await expect(updating).rejects.toThrow('gone')
    await expect(digesting).rejects.toThrow('gone')
    await expect(run.export(0)).rejects.toThrow('gone')
    await expect(hasher.begin(task).update(content)).rejects.toThrow('gone')
  })
})
