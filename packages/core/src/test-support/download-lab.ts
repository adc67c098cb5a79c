import { DownloadSource } from '../download/download-source.ts'
import { workerHasher } from '../download/hasher.ts'
import { Sha256Hash } from '../download/sha256-hash.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { browserNetwork } from '../network/network.ts'
import { sha256 } from '../sampan/sha256.ts'

export interface LabDownload {
  readonly file: RemoteFile
  readonly stallMs?: number
}

const worker = new Worker('/src/worker/hash-worker.ts', { type: 'module' })
const { port1, port2 } = new MessageChannel()
worker.postMessage(port1, [port1])
const hasher = workerHasher(port2)
// Its script is there.
await hasher.begin({ size: 0, digest: 'sha256' }).digests()

/** What tests of downloads do in a page. */
export const downloadLab = {
  /** All of a file, hashed in a Worker of its own. */
  async download({ file, stallMs = 2_000 }: LabDownload) {
    let received = 0
    const source = await DownloadSource.open(file, {
      network: browserNetwork,
      signal: new AbortController().signal,
      hasher,
      onBytes: (bytes) => {
        received += bytes
      },
      http: { firstPauseMs: 20, stallMs },
    })
    try {
      const began = performance.now()
      for (let at = 0; at < source.size; at += 2 << 20) await source.read(at, Math.min(source.size, at + (2 << 20)))
      const digests = await source.finish(new AbortController().signal)
      return { digests, received, seconds: (performance.now() - began) / 1000 }
    } catch (error) {
      return { received, seconds: 0, code: error instanceof Error && 'code' in error ? error.code : String(error) }
    } finally {
      source.close()
    }
  },

  /** MiB per second of this package's SHA-256 and of the browser's. */
  async hashSpeed(bytes: number) {
    const content = new Uint8Array(bytes)
    const rate = (began: number): number => bytes / 2 ** 20 / ((performance.now() - began) / 1000)
    const first = performance.now()
    const hash = new Sha256Hash()
    for (let at = 0; at < bytes; at += 1 << 20) hash.update(content.subarray(at, at + (1 << 20)))
    const own = hash.digest()
    const ownRate = rate(first)
    const second = performance.now()
    const theirs = await sha256(content)
    return { same: own === theirs, own: ownRate, browser: rate(second) }
  },
}

export type DownloadLab = typeof downloadLab
