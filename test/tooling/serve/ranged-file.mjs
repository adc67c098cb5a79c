import { createReadStream } from 'node:fs'
import { extname } from 'node:path'

const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.wasm', 'application/wasm'],
  ['.webmanifest', 'application/manifest+json'],
])

/**
 * The one range of a `Range` header.
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{ start: number, end: number } | 'whole' | 'unsatisfiable'} `end` exclusive
 */
export function parseRange(header, size) {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return 'whole'
  const [, first = '', last = ''] = match
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size }
  }
  const start = Number(first)
  const end = last === '' ? size : Math.min(Number(last) + 1, size)
  return start >= size || end <= start ? 'unsatisfiable' : { start, end }
}

/**
 * Answers with a file or the range of it that was asked for.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {{ path: string, size: number, modified: Date }} file
 * @param {Record<string, string>} [headers]
 */
export function sendFile(request, response, file, headers = {}) {
  const range = parseRange(request.headers.range, file.size)
  const common = {
    'Content-Type': types.get(extname(file.path).toLowerCase()) ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'no-cache',
    ETag: `"${file.size.toString(16)}-${file.modified.getTime().toString(16)}"`,
    ...headers,
  }
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...common, 'Content-Range': `bytes */${file.size}` }).end()
    return
  }
  if (range === 'whole' && request.headers['if-none-match'] === common.ETag) {
    response.writeHead(304, common).end()
    return
  }
  const { start, end } = range === 'whole' ? { start: 0, end: file.size } : range
  response.writeHead(range === 'whole' ? 200 : 206, {
    ...common,
    'Content-Length': String(end - start),
    ...(range === 'whole' ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${file.size}` }),
  })
  if (request.method === 'HEAD' || start === end) {
    response.end()
    return
  }
  const stream = createReadStream(file.path, { start, end: end - 1 })
  stream.on('error', () => response.destroy())
  response.on('close', () => stream.destroy())
  stream.pipe(response)
}
