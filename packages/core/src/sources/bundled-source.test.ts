import { afterEach, describe, expect, it } from 'vitest'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import { openBundled } from './bundled-source.ts'

const content = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 251)
const options = { firstPauseMs: 1 }

describe('openBundled', () => {
  let server: TestServer | undefined
  afterEach(() => server?.close())

  it('reads ranges where the server has them', async () => {
    server = await serveTest((request, response) => sendRange(request, response, content))
    const source = await openBundled(`${server.url}/pocket.gguf`, 'pocket', options)
    expect(source.size).toBe(content.length)
    expect(await source.read(2_000_000, 2_000_005)).toEqual(content.slice(2_000_000, 2_000_005))
    expect(server.requests.every((request) => request.includes('bytes='))).toBe(true)
  })

  it('reads all at once from a server that knows no ranges', async () => {
    server = await serveTest((_, response) => response.end(content))
    const source = await openBundled(`${server.url}/pocket.gguf`, 'pocket', options)
    expect(source.size).toBe(content.length)
    expect(await source.read(2_999_990, 3_000_000)).toEqual(content.slice(-10))
  })

  it('does not read without end', async () => {
    server = await serveTest((_, response) => {
      const more = (): void => {
        while (response.write(content));
        response.once('drain', more)
      }
      more()
    })
    await expect(openBundled(`${server.url}/pocket.gguf`, 'pocket', options)).rejects.toMatchObject({
      code: 'range-unsupported',
    })
  })

  it('says that there is no such file', async () => {
    server = await serveTest((_, response) => response.writeHead(404).end())
    await expect(openBundled(`${server.url}/pocket.gguf`, 'pocket', options)).rejects.toMatchObject({
      code: 'source-not-found',
    })
  })
})
