import { serveTest, type TestServer } from './test-server.ts'

const PART_BYTES = 64 << 10

export interface FilesServer extends TestServer {
  /** By path. They may be changed. */
  readonly files: Map<string, Uint8Array>
  /** Milliseconds between parts of 64 KiB, on each connection. */
  pause: number
  /** Of bodies, handed to the network. */
  sent(): number
  /** Resolves when so many bytes more have been sent. */
  whenSent(bytes: number): Promise<void>
  /** Forgets what was asked for and sent. */
  forget(): void
}

/** A server of files as any is, with ranges and an ETag, that counts what it sends. */
export async function serveFiles(files: ReadonlyMap<string, Uint8Array>): Promise<FilesServer> {
  const served = new Map(files)
  const waiting: { readonly at: number; readonly resolve: () => void }[] = []
  let sent = 0
  let total = 0
  const server = await serveTest(async (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    const content = served.get(pathname)
    if (!content) return void response.writeHead(404).end()
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const start = Number(first ?? 0)
    const end = last === undefined ? content.length : Math.min(Number(last) + 1, content.length)
    const range = first === undefined ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${content.length}` }
    const headers = { ...range, 'Content-Length': end - start, ETag: `"${content.length}-${content.at(-1)}"` }
    response.writeHead(first === undefined ? 200 : 206, headers)
    const closed = new Promise((resolve) => response.once('close', resolve))
    for (let at = start; at < end && !response.destroyed; at += PART_BYTES) {
      const part = content.subarray(at, Math.min(end, at + PART_BYTES))
      sent += part.length
      total += part.length
      for (const one of waiting) if (total >= one.at) one.resolve()
      await Promise.race([closed, new Promise((resolve) => response.write(part, resolve))])
      if (result.pause > 0) await new Promise((resolve) => setTimeout(resolve, result.pause))
    }
    response.end()
  })
  const result: FilesServer = {
    ...server,
    files: served,
    pause: 0,
    sent: () => sent,
    whenSent: (bytes) =>
      new Promise((resolve) => {
        waiting.push({ at: total + bytes, resolve })
      }),
    forget: () => {
      server.requests.length = 0
      sent = 0
    },
  }
  return result
}
