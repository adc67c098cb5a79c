import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { browserNetwork, type Network } from '../network/network.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import { AnswerMemory } from './answer-memory.ts'
import { hubOf } from './hubs.ts'
import { forgetAnswers, keepAnswers, recentAnswers } from './recent-answers.ts'

const content = Buffer.from('what a small file says')
const { signal } = new AbortController()

let server: TestServer
beforeEach(async () => {
  server = await serveTest((request, response, count) => {
    if (request.url === '/none') response.writeHead(404).end('no')
    else if (request.url === '/refused') response.writeHead(401).end()
    else if (request.url === '/large') response.end(Buffer.alloc(9 << 20))
    else if (request.url === '/cut') response.writeHead(206, { 'Content-Range': 'bytes 0-9/22' }).end('short')
    else sendRange(request, response, content, { 'X-Count': String(count) })
  })
})
afterEach(() => server.close())

async function read(network: Network, path: string, range?: string, fresh = false): Promise<readonly [number, string]> {
  const headers: Record<string, string> = range === undefined ? {} : { Range: range }
  const response = await network.fetch({ url: server.url + path, headers, signal, fresh })
  expect(response.url).toBe(server.url + path)
  return [response.status, (await response.text()).slice(0, 100)]
}

it('asks for everything once: whole files, ranges, and what is not there', async () => {
  const network = new AnswerMemory().over(browserNetwork)
  for (let time = 0; time < 2; time++) {
    expect(await read(network, '/a')).toEqual([200, String(content)])
    expect(await read(network, '/a', 'bytes=0-3')).toEqual([206, 'what'])
    expect(await read(network, '/a', 'bytes=5-5')).toEqual([206, 'a'])
    expect(await read(network, '/none')).toEqual([404, 'no'])
  }
  expect(server.requests).toEqual(['GET /a', 'GET /a bytes=0-3', 'GET /a bytes=5-5', 'GET /none'])
  expect(await read(network, '/a', undefined, true)).toEqual([200, String(content)])
  expect(server.requests.length).toBe(5)
})

it('remembers no refusals, no answers that are long, came short, or were not read to their end', async () => {
  const memory = new AnswerMemory()
  const network = memory.over(browserNetwork)
  await read(network, '/refused')
  await read(network, '/large')
  await read(network, '/cut', 'bytes=0-9')
  const left = await network.fetch({ url: `${server.url}/a`, headers: {}, signal })
  await left.body?.cancel()
  expect(memory.answers).toEqual([])
})

it('crosses to a Worker, and is no hindrance to what is downloaded from then on', async () => {
  const memory = new AnswerMemory()
  await read(memory.over(browserNetwork), '/a')
  await read(memory.over(browserNetwork), '/a', 'bytes=0-3')
  const there = new AnswerMemory(structuredClone(memory.answers))
  const network = there.over(browserNetwork)
  await read(network, '/a')
  expect(server.requests.length).toBe(2)
  there.close()
  await read(network, '/a')
  await read(network, '/a', 'bytes=0-3')
  await read(network, '/b')
  await read(network, '/b')
  expect(server.requests.slice(2)).toEqual(['GET /a bytes=0-3', 'GET /b', 'GET /b'])
})

it('is kept for a few minutes, for who asked', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const memory = new AnswerMemory()
    await read(memory.over(browserNetwork), '/a')
    const source = { kind: 'hub', repository: 'org/name', revision: 'main' } as const
    const asker = { source, hub: hubOf(server.url), token: 'hf_mine' }
    keepAnswers(asker, memory.answers)
    expect(recentAnswers({ ...asker }).length).toBe(1)
    for (const other of [
      { ...asker, token: 'hf_another' },
      { source, hub: asker.hub },
      { ...asker, hub: hubOf(`${server.url}/mirror`) },
      { ...asker, source: { ...source, revision: 'v1' } },
    ])
      expect(recentAnswers(other)).toEqual([])
    vi.advanceTimersByTime(120_000)
    // Counted from the first time, however often it is used.
    keepAnswers(asker, recentAnswers(asker))
    vi.advanceTimersByTime(59_000)
    expect(recentAnswers(asker).length).toBe(1)
    vi.advanceTimersByTime(2_000)
    expect(recentAnswers(asker)).toEqual([])
    keepAnswers(asker, memory.answers)
    forgetAnswers(asker)
    expect(recentAnswers(asker)).toEqual([])
    for (let count = 0; count < 4; count++) keepAnswers({ ...asker, token: `hf_${count}` }, memory.answers)
    expect(recentAnswers({ ...asker, token: 'hf_0' })).toEqual([])
    expect(recentAnswers({ ...asker, token: 'hf_3' }).length).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})
