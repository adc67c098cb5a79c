import { afterEach, expect, it } from 'vitest'
import { fetchText } from '../acquire/fetch-text.ts'
import { SampanError } from '../errors.ts'
import { browserNetwork, type Network } from '../network/network.ts'
import { serveTest } from '../test-support/test-server.ts'
import { DownloadSource } from './download-source.ts'

const signature = 'X-Amz-Signature=5ecret'
const { signal } = new AbortController()
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const dead: Network = {
  fetch: async ({ url, signal }) => {
    signal.throwIfAborted()
    throw new TypeError(`fetch failed for ${url.replace(/\?.*/, '')}`)
  },
}
const once = { attempts: 1, longestPauseMs: 1, busyAttempts: 1, busyFactor: 1, longestBusyPauseMs: 1, offlineMs: 1 }

/** All that an app may show or log of an error. */
async function toldBy(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
  } catch (error) {
    const details = 'details' in Object(error) ? Object(error).details : {}
    return `${SampanError.isInstance(error) ? error.code : ''} ${String(error)} ${JSON.stringify(details)}`
  }
  throw new Error('nothing was thrown')
}

async function read(url: string, network: Network, start = 0, end = 5): Promise<void> {
  const file = { path: 'model.gguf', url: `${url}/model.gguf?${signature}`, size: 10 }
  const source = await DownloadSource.open(file, { network, signal, http: { patience: once } })
  await source.read(start, end).finally(() => source.close())
}

it('no error tells the query of an address: it may be signed', async () => {
  const server = await serveTest((request, response) => {
    response.writeHead(request.headers.range === undefined ? 404 : 403).end()
  })
  ends.push(server.close)
  const text = (path: string): Promise<unknown> =>
    fetchText(
      { path, url: `${server.url}/${path}?${signature}` },
      { network: browserNetwork, signal, onBytes: () => {} },
    )
  const told = [
    await toldBy(() => read(server.url, dead)),
    await toldBy(() => read(server.url, browserNetwork)),
    await toldBy(() => read(server.url, browserNetwork, 8, 20)),
    await toldBy(() => text('config.json')),
  ]
  expect(told.filter((words) => words.includes('5ecret'))).toEqual([])
  expect(told.map((words) => words.split(' ')[0])).toEqual([
    'network-failed',
    'source-forbidden',
    'file-truncated',
    'source-not-found',
  ])
})
