import { readFileSync } from 'node:fs'
import { sendRange, serveTest, type TestServer } from './test-server.ts'
import { tinyFolder } from './tiny-folder.ts'

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))

/**
 * Serves `/tiny.gguf`, the same as `/blobs/tiny` without an ending, and `/folder/…`; a folder of any other name is the same but
 * for the files in `changed`, where null means that there is none.
 * @param etag of all files
 */
export function serveModels(
  changed: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {},
  etag?: string,
): Promise<TestServer> {
  const folder = tinyFolder()
  return serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    const [, name = '', file = ''] = pathname.split('/')
    const own = changed[name]?.[file]
    const content =
      pathname === '/tiny.gguf' || pathname === '/blobs/tiny'
        ? tiny
        : own === undefined && (name === 'folder' || name in changed)
          ? folder.get(file)
          : typeof own === 'string'
            ? Buffer.from(own)
            : undefined
    if (content) sendRange(request, response, content, etag === undefined ? {} : { ETag: etag })
    else response.writeHead(404).end()
  })
}
