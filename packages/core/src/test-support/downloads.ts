import { createHash } from 'node:crypto'
import { type DownloadOptions, DownloadSource } from '../download/download-source.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { browserNetwork } from '../network/network.ts'
import { LASTING } from '../network/patience.ts'
import { type FileServer, type FileServerOptions, serveFile } from './file-server.ts'

export const long = new Uint8Array(30 << 20)
for (let at = 0; at < long.length; at++) long[at] = (at * 31 + (at >> 9)) ^ (at >> 17)
/** Three ranges and a bit. */
export const content = long.subarray(0, 13 << 20)
export const sha256 = digestOf(content)
export const http = {
  firstPauseMs: 1,
  random: () => 0.5,
  patience: { ...LASTING, longestPauseMs: 5, longestBusyPauseMs: 5 },
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What the test that runs has opened. */
export const current: { server?: FileServer; source?: DownloadSource } = {}

export async function closeCurrent(): Promise<void> {
  current.source?.close()
  await current.server?.close()
}

export async function openDownload(
  served: Partial<FileServerOptions>,
  file: Partial<RemoteFile> = {},
  options: Partial<DownloadOptions> = {},
): Promise<DownloadSource> {
  current.server = await serveFile({ content, kind: 'redirect', ...served })
  return reopenDownload({ size: (served.content ?? content).length, ...file }, options)
}

export async function reopenDownload(
  file: Partial<RemoteFile>,
  options: Partial<DownloadOptions> = {},
): Promise<DownloadSource> {
  const source = await DownloadSource.open(
    { path: 'file.gguf', url: current.server?.url ?? '', ...file },
    { network: browserNetwork, signal: new AbortController().signal, http, ...options },
  )
  current.source = source
  return source
}

export async function readAll(from: DownloadSource, step: number, start = 0): Promise<void> {
  const reads: Promise<void>[] = []
  for (let at = start; at < from.size; at += step) {
    const end = Math.min(from.size, at + step)
    reads.push(
      from.read(at, end).then((bytes) => {
        if (Buffer.compare(bytes, content.subarray(at, end)) !== 0) throw new Error(`wrong bytes from ${at}`)
      }),
    )
    if (reads.length >= 4) await reads.shift()
  }
  await Promise.all(reads)
}

export const signal = new AbortController().signal
