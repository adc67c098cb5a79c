import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'
import { text } from 'node:stream/consumers'
import { sendFile } from '../tooling/serve/ranged-file.mjs'

/** As strict as an app on WebGPU can be. */
export const strictPolicy =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'"

/** What the CPU backend needs besides: llama.cpp's WebAssembly, in a Worker that wllama starts from a blob. */
export const cpuPolicy = strictPolicy
  .replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
  .replace("worker-src 'self'", "worker-src 'self' blob:")

/** As a page must be served that wants threads: llama.cpp takes its program with threads there. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

/** Takes the browser's reports, and tells them. */
export const violationsPath = '/violations'

export interface FolderServer {
  readonly origin: string
  /** What the policy forbade to page or Workers, as the browser reports it. */
  readonly violations: readonly string[]
  close(): Promise<void>
}

/** Serves a folder cross-origin isolated and under a Content-Security-Policy; scripts that a page holds inline are allowed by their hashes. */
export async function serveFolder(folder: string, policy: string): Promise<FolderServer> {
  const violations: string[] = []
  const server = createServer((request, response) => {
    if (request.url === violationsPath) {
      if (request.method === 'POST') void text(request).then((report) => violations.push(report))
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(violations))
      return
    }
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname))
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    const found = statSync(file, { throwIfNoEntry: false })
    if (!found?.isFile()) {
      response.writeHead(404).end()
      return
    }
    const allowed = file.endsWith('.html') ? withInlineScripts(policy, readFileSync(file, 'utf8')) : policy
    sendFile(
      request,
      response,
      { path: file, size: found.size, modified: found.mtime },
      { ...isolation, 'Content-Security-Policy': `${allowed}; report-uri ${violationsPath}` },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    violations,
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function withInlineScripts(policy: string, page: string): string {
  const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]
  const hashes = inline.map(([, script = '']) => ` 'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  return policy.replace("script-src 'self'", `script-src 'self'${hashes.join('')}`)
}
