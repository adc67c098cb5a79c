import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { huggingFace } from '../hub/hubs.ts'
import { serveHub, testCommit } from '../hub/testing.ts'
import { browserNetwork, type Network } from '../network/network.ts'
import { openSource } from '../test-support/open-source.ts'
import { sendRange, serveTest } from '../test-support/test-server.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))
const { signal } = new AbortController()
const options = { hub: huggingFace, network: browserNetwork, signal }

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

it.each(['/tiny.gguf', '/unnamed'])(
  'the key in the query of %s is asked with, and is no part of the name',
  async (path) => {
    const server = await serveTest((request, response) => {
      if (request.url === `${path}?token=secret`) sendRange(request, response, tiny)
      else response.writeHead(404).end()
    })
    ends.push(server.close)
    const { name } = await openSource({ kind: 'url', url: `${server.url}${path}?token=secret` }, options)
    expect(name).toBe(server.url + path)
  },
)

it('a file of a hub tells its commit and what its card says', async () => {
  const card = { license: 'mit' }
  const test = await serveHub({ 'org/name': { files: { 'tiny.gguf': tiny }, card } })
  ends.push(test.close)
  const source = { kind: 'hub', repository: 'org/name', revision: 'main' } as const
  const opened = await openSource(source, { ...options, hub: test.hub })
  expect(opened).toMatchObject({
    name: 'org/name:tiny.gguf',
    revision: testCommit,
    about: { licence: 'mit', page: `${test.url}/org/name` },
  })
  expect(opened.checkpoint.tensors.size).toBeGreaterThan(0)
})

it('all requests go through the network that is given', async () => {
  const files = Object.fromEntries(tinyFolder())
  const test = await serveHub({ 'org/name': { files } })
  ends.push(test.close)
  const asked: string[] = []
  const network: Network = {
    fetch: (request) => {
      asked.push(`GET ${request.url.slice(test.url.length)} ${request.headers['Range'] ?? ''}`.trim())
      return browserNetwork.fetch(request)
    },
  }
  for (const source of [
    { kind: 'hub', repository: 'org/name', revision: 'main' } as const,
    { kind: 'url', url: `${test.url}/org/name/resolve/main` } as const,
  ])
    await openSource(source, { hub: test.hub, network, signal })
  expect(test.requests.toSorted()).toEqual(asked.toSorted())
})

it('a file that is not as long as its hub lists it is not read', async () => {
  const server = await serveTest((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    if (pathname.includes('/tree/')) response.end('[{"type":"file","path":"m.gguf","size":5}]')
    else if (pathname.endsWith('.gguf')) sendRange(request, response, tiny)
    else response.writeHead(404).end()
  })
  ends.push(server.close)
  const source = { kind: 'hub', repository: 'org/name', revision: 'main' } as const
  const hub = { ...huggingFace, base: server.url }
  await expect(openSource(source, { ...options, hub })).rejects.toMatchObject({
    code: 'source-changed',
    details: { before: { size: 5 }, now: { size: tiny.length } },
  })
})
