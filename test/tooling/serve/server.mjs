import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { sendFile } from './ranged-file.mjs'

/** What the demos are served under, so that they are known to work in a page this strict. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' blob: https: http://127.0.0.1:* http://localhost:*",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * @typedef {object} LocalServer
 * @property {string} origin
 * @property {(path: string, name?: string) => string} share makes a file or folder readable under an unguessable URL, which it
 *   returns; `name`: of the file in that URL, its own by default
 * @property {() => Promise<void>} close
 */

/**
 * Serves folders on the loopback address alone, files with Range.
 * @param {{ folders: Readonly<Record<string, string>>, home?: string, port?: number, headers?: Readonly<Record<string, string>> }} options
 *   `folders`: URL prefix (`/chat/`) → folder; `home`: where `/` leads; `headers`: of every file, beside the usual ones
 * @returns {Promise<LocalServer>}
 */
export async function startServer({ folders, home, port = 0, headers = {} }) {
  /** @type {Map<string, string>} */
  const mounts = new Map(Object.entries(folders))
  let origin = ''
  const server = createServer((request, response) => {
    // Another site's name that was made to resolve to this machine (DNS rebinding) must not read what is served here.
    const port = new URL(origin).port
    const host = request.headers.host ?? ''
    if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return refuse(response, 403, 'unknown host')
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'only GET and HEAD')
    const path = requestPath(request.url ?? '/')
    if (path === undefined) return refuse(response, 400, 'malformed path')
    if (path === '/' && home) {
      response.writeHead(302, { Location: home }).end()
      return
    }
    void answer(request, response, path, mounts, headers)
  })
  await listen(server, port)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  origin = `http://127.0.0.1:${address.port}`
  return {
    origin,
    share(path, name = basename(path)) {
      const absolute = resolve(path)
      const prefix = `/shared/${randomBytes(16).toString('hex')}/`
      const folder = statSync(absolute).isDirectory()
      mounts.set(folder ? prefix : `${prefix}${name}`, absolute)
      return `${origin}${prefix}${folder ? '' : encodeURIComponent(name)}`
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<void>}
 */
function listen(server, port) {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => done())
  })
}

/**
 * @param {string} url
 * @returns {string | undefined} decoded, or nothing when it is malformed or climbs out of its folder
 */
function requestPath(url) {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '/')
    return path.includes('\0') || path.split(/[\\/]/).includes('..') ? undefined : path
  } catch {
    return undefined
  }
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} path
 * @param {ReadonlyMap<string, string>} mounts
 * @param {Readonly<Record<string, string>>} headers
 */
async function answer(request, response, path, mounts, headers) {
  const file = fileFor(path, mounts)
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined)
  if (file === undefined || !found?.isFile()) return refuse(response, 404, 'not found')
  sendFile(
    request,
    response,
    { path: file, size: found.size, modified: found.mtime },
    {
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...headers,
    },
  )
}

/**
 * @param {string} path
 * @param {ReadonlyMap<string, string>} mounts
 */
function fileFor(path, mounts) {
  if (!path.endsWith('/') && mounts.has(path)) return mounts.get(path)
  for (const [prefix, folder] of mounts) {
    if (!prefix.endsWith('/') || !path.startsWith(prefix)) continue
    const rest = path.slice(prefix.length)
    const file = join(folder, rest === '' || rest.endsWith('/') ? `${rest}index.html` : rest)
    if (dirname(file) === folder || file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return file
  }
  return undefined
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} text
 */
function refuse(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' })
  response.end(`${text}\n`)
}
