import { afterEach, describe, expect, it } from 'vitest'
import type { BenchHost } from '../runner/measure-cell.ts'
import { runSuite } from '../runner/run-suite.ts'
import { customSuite } from '../runner/suites.ts'
import type { BenchModel, ModelToRun } from './bench-engine.ts'
import { openServer, type ServerOptions } from './openai-compatible.ts'
import { type Completions, type CompletionsOptions, serveCompletions } from './test-support/completions-server.ts'

const never = new AbortController().signal
const llamaCpp = { id: 'small', owned_by: 'llamacpp', meta: { n_vocab: 1000, n_ctx: 4096, n_params: 5_000_000 } }
const vllm = { id: 'small', owned_by: 'vllm', max_model_len: 4096 }

let server: Completions | undefined

afterEach(async () => {
  await server?.close()
})

async function open(
  options: CompletionsOptions,
  more: Partial<ModelToRun> = {},
  serverOptions: ServerOptions = {},
): Promise<BenchModel> {
  server = await serveCompletions(options)
  const model = { name: 'small', source: 'small', baseUrl: `${server.baseUrl}/`, contextLength: 100, ...more }
  return openServer(model, never, serverOptions)
}

describe('a server of completions', () => {
  it('tells what it knows of its model', async () => {
    const { identity } = await open({ model: llamaCpp })
    expect(identity).toEqual({
      ...{ version: 'llama.cpp', device: 'server', load: [] },
      model: { vocabularySize: 1000, parameters: 5_000_000 },
    })
    await server?.close()
    const other = await open({ model: vllm }, {}, { vocabularySize: 500 })
    expect(other.identity).toMatchObject({ version: 'vllm', model: { vocabularySize: 500 } })
  })

  it('is given token ids, greedily, past its end tokens, and gives ids', async () => {
    const model = await open({ model: llamaCpp }, {}, { apiKey: 'secret' })
    const sample = await model.run({ prompt: [5, 6, 7], generate: 3, reuse: true, signal: never })
    expect(sample).toMatchObject({ promptTokens: 3, reused: 0, tokens: [8, 9, 10], tokenTimes: { length: 3 } })
    expect(server?.bodies[0]).toMatchObject({
      ...{ model: 'small', prompt: [5, 6, 7], max_tokens: 3, temperature: 0 },
      ...{ ignore_eos: true, return_token_ids: true, stream: true, cache_prompt: true },
    })
    expect(server?.headers.map(({ authorization }) => authorization)).toEqual(['Bearer secret', 'Bearer secret'])
    expect(await model.nextTokens([5, 6, 7, 8], 2, never)).toEqual([8, 9])
  })

  it('turns the cache off as each server wants it', async () => {
    const request = { prompt: [5], generate: 1, signal: never }
    const llama = await open({ model: llamaCpp })
    await llama.run({ ...request, reuse: false })
    expect(server?.bodies[0]).toMatchObject({ cache_prompt: false })
    await server?.close()
    const other = await open({ model: vllm })
    for (const reuse of [true, true, false, false]) await other.run({ ...request, reuse })
    const salts = server?.bodies.map((body) => body['cache_salt'])
    expect(salts?.[0]).toBe(salts?.[1])
    expect(new Set(salts).size).toBe(3)
  })

  it('is not available without that model, or with too short a context', async () => {
    const code = 'not-available'
    await expect(open({ model: llamaCpp }, { source: 'large' })).rejects.toMatchObject({
      code,
      message: 'The server has no model large; it has small.',
    })
    await server?.close()
    await expect(open({ model: vllm }, { contextLength: 5000 })).rejects.toMatchObject({ code })
    await expect(openServer({ name: 'a', source: 'a', contextLength: 1 }, never)).rejects.toMatchObject({ code })
  })

  it('fails where it ends early, or refuses', async () => {
    const request = { prompt: [5], generate: 4, reuse: true, signal: never }
    await expect((await open({ model: llamaCpp, missing: 1 })).run(request)).rejects.toThrow('ignore its end tokens')
    await server?.close()
    const busy = await open({ model: llamaCpp, status: 503 })
    await expect(busy.run(request)).rejects.toThrow(
      'The endpoint answered 503: {"error":{"message":"the model is busy"}}',
    )
  })

  it('goes through a suite, and is unchecked where it tells no ids', async () => {
    const opened = await open({ model: llamaCpp, tellsIds: false })
    const host: BenchHost = { now: () => performance.now(), open: async () => opened }
    const result = await runSuite(
      host,
      {
        suite: customSuite(
          [
            { test: { kind: 'prefill', tokens: 8 }, depth: 16 },
            { test: { kind: 'decode', tokens: 4 }, depth: 0 },
          ],
          { samples: 2, ms: 0 },
        ),
        sides: [{ engine: 'openai-compatible', model: { name: 'small', source: 'small' } }],
        references: new Map([['small', { name: 'up', cases: [{ name: 'up', ids: [5], greedy: [6, 7] }] }]]),
        mostSamples: 2,
        facts: {
          runId: 'test',
          harness: { version: '0' },
          machine: { runtime: { kind: 'node', name: 'Node' } },
          conditions: { timerResolutionMs: 0.001 },
        },
      },
      never,
    )
    expect(result.rows).toMatchObject([
      { status: 'measured', test: 'pp8', depth: 16, samples: [{ reused: 16, promptTokens: 24 }, { reused: 16 }] },
      { status: 'measured', test: 'tg4', derived: { unranked: expect.arrayContaining(['unchecked']) } },
    ])
  })
})
