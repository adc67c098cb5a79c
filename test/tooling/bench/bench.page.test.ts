import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageBuild } from '../../../packages/bench/build-page.ts'
import { type BuildPlace, CommandHost } from '../../../packages/bench/src/command/command-host.ts'
import type { PageConnection } from '../../../packages/bench/src/command/page-connection.ts'
import { readReference } from '../../../packages/bench/src/command/reference-file.ts'
import { runCommand } from '../../../packages/bench/src/command/run-command.ts'
import { rankRows } from '../../../packages/bench/src/result/ranking.ts'
import { readResult, writeResult } from '../../../packages/bench/src/result/read-result.ts'
import type { BenchResult } from '../../../packages/bench/src/result/result-types.ts'
import type { CellSide } from '../../../packages/bench/src/runner/measure-cell.ts'
import { customSuite, type TestAtDepth } from '../../../packages/bench/src/runner/suites.ts'
import { type LocalServer, startServer } from '../serve/server.mjs'
import { root } from '../setup/root.mjs'
import { benchBrowsers } from './browsers.mjs'
import { isolation } from './place.mjs'

// The whole way of the command: built page, served, in browsers of their own on the software adapter, to a file that is read again.

const folder = mkdtempSync(join(tmpdir(), 'sampan-bench-test-'))
const pocketFile = join(root, 'packages/pocket/pocket.gguf')
const stored = readReference(readFileSync(join(root, 'packages/bench/references/pocket.json'), 'utf8'), 'pocket.json')
const never = new AbortController().signal

let server: LocalServer
let browsers: Awaited<ReturnType<typeof benchBrowsers>>
let place: BuildPlace

beforeAll(async () => {
  await build({ ...pageBuild(folder), logLevel: 'error' })
  server = await startServer({ folders: { '/bench/': folder }, headers: isolation })
  const url = `${server.origin}/bench/`
  browsers = await benchBrowsers({ say: () => {}, headed: false, url, software: true }, never)
  const shared = server.share(pocketFile)
  place = {
    version: '0.0.0',
    locate: () => ({ url: shared, path: pocketFile, hash: stored.sha256 ?? '' }),
    connect: (_, options) => browsers.connect(url, undefined, options),
  }
}, 240_000)

afterAll(async () => {
  browsers?.end()
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const model = { name: 'pocket', source: 'pocket' }

const prefill = { test: { kind: 'prefill', tokens: 16 }, depth: 0 } as const
const decode = { test: { kind: 'decode', tokens: 8 }, depth: 0 } as const

function run(
  host: CommandHost,
  tests: readonly TestAtDepth[],
  sides: readonly CellSide[],
  samples: number,
  signal = never,
): Promise<BenchResult> {
  return runCommand(
    host,
    {
      suite: customSuite(tests, { samples, ms: 0 }),
      sides,
      mostSamples: samples,
      references: new Map([['pocket', stored.reference]]),
      harness: { version: '0.0.0' },
      declaredGpu: 'none',
    },
    signal,
    () => {},
  )
}

/** Swaps two tokens wherever either is the likeliest, as a kernel would that mixes up rows of the head. */
function mistaken(connection: PageConnection): PageConnection {
  const [one, other] = mostCommon(stored.reference.cases.flatMap(({ greedy }) => greedy))
  return {
    ...connection,
    call: async (name, argument) => {
      const answer: unknown = await connection.call(name, argument)
      if (name !== 'nextTokens') return answer
      const value: unknown = Object(answer).value
      if (!Array.isArray(value)) return answer
      return { ...Object(answer), value: value.map((id) => (id === one ? other : id === other ? one : id)) }
    },
  }
}

function mostCommon(tokens: readonly number[]): readonly (number | undefined)[] {
  const counts = new Map<number, number>()
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([token]) => token)
}

describe('npm run bench, with two engines in browsers', () => {
  let result: BenchResult

  beforeAll(async () => {
    const host = new CommandHost({ builds: new Map([[undefined, place]]) })
    const sides = (['sampan', 'wllama', 'wllama-webgpu'] as const).map((engine) => ({
      engine,
      model,
    }))
    result = await run(host, [prefill, decode], sides, 2)
  }, 240_000)

  it('writes a file that can be read again', () => {
    expect(readResult(writeResult(result))).toEqual(result)
  })

  it('knows the browser, and that the GPU is a program', () => {
    const { machine, conditions } = result
    expect(machine).toMatchObject({
      runtime: { kind: 'browser', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      adapter: { software: true },
      declaredGpu: 'none',
    })
    expect(conditions).toMatchObject({ crossOriginIsolated: true, visibility: 'visible' })
    expect(conditions.timerResolutionMs).toBeGreaterThan(0)
  })

  it('has a row for every engine and test, with all samples, or the reason why there are none', () => {
    const rows = result.rows.map(({ engine, test, status, samples }) => [engine, test, status, samples.length])
    const measured = expect.stringMatching(/^(measured|refused)$/)
    expect(rows).toEqual(
      ['pp16', 'tg8'].flatMap((test) => [
        ['sampan', test, measured, 2],
        ['wllama', test, measured, 2],
        ['wllama-webgpu', test, 'not-available', 0],
      ]),
    )
    const reasons = result.rows.map((row) => ('reason' in row ? row.reason : ''))
    expect(reasons.join(' ')).not.toContain(server.origin)
    expect(reasons).toContainEqual(expect.stringContaining('put no layer on this adapter'))
    for (const { samples, test } of result.rows)
      for (const { tokenTimes, promptTokens } of samples)
        expect([tokenTimes.length, promptTokens]).toEqual(test === 'pp16' ? [1, 16] : [9, 1])
  })

  it('says what ran', () => {
    expect(result.engines.map(({ engine, identity }) => [engine, identity.device])).toEqual([
      ['sampan', 'gpu'],
      ['wllama', 'cpu'],
    ])
    for (const { identity } of result.engines) {
      expect(identity.model).toMatchObject({ vocabularySize: 6144, hash: stored.sha256, architecture: 'qwen3' })
      expect(identity.model.bitsPerWeight).toBeCloseTo(8.5, 1)
    }
  })

  it('finds every answer to be the reference’s', () => {
    for (const { agreement, status } of result.rows) {
      if (status === 'not-available') continue
      expect(agreement).toMatchObject({ reference: 'pocket.json' })
      expect(agreement?.positions).toBeGreaterThanOrEqual(200)
      expect((agreement?.agreeing ?? 0) / (agreement?.positions ?? 1)).toBeGreaterThanOrEqual(0.98)
    }
  })

  it('counts what a token costs: one readback, and not many submits', () => {
    const [counters] = result.rows.flatMap(({ engine, test, derived }) =>
      engine === 'sampan' && test === 'tg8' && derived?.countersPerToken ? [derived.countersPerToken] : [],
    )
    expect(counters?.readbacks).toBe(1)
    expect(counters?.submits).toBeLessThanOrEqual(2)
    expect(counters?.dispatches).toBeGreaterThan(10)
    expect(counters?.bindGroups).toBe(0)
  })
})

it('shows an engine whose answers are wrong, and does not rank it', async () => {
  const wrong: BuildPlace = { ...place, connect: async (side, options) => mistaken(await place.connect(side, options)) }
  const host = new CommandHost({
    builds: new Map([
      ['right', place],
      ['wrong', wrong],
    ]),
  })
  const sides = ['right', 'wrong'].map((build) => ({ engine: 'sampan' as const, build, model }))
  const { rows, comparisons } = await run(host, [decode], sides, 6)
  expect(rows.map(({ build, derived }) => [build, derived?.unranked])).toEqual([
    ['right', []],
    ['wrong', ['disagrees']],
  ])
  expect(rows[1]).toMatchObject({ status: 'measured', samples: { length: 6 } })
  expect(rankRows(rows).map(({ build }) => build)).toEqual(['right', 'wrong'])
  expect(comparisons).toHaveLength(1)
  expect(comparisons[0]?.pairs).toHaveLength(6)
}, 240_000)

it('ends at once when it is told to, with what there is', async () => {
  const controller = new AbortController()
  let runs = 0
  const counted: BuildPlace = {
    ...place,
    connect: async (side, options) => {
      const connection = await place.connect(side, options)
      return {
        ...connection,
        call: (name, argument) => {
          if (name === 'run' && ++runs === 4) controller.abort()
          return connection.call(name, argument)
        },
      }
    },
  }
  const aborted = await run(
    new CommandHost({ builds: new Map([[undefined, counted]]) }),
    [decode, prefill],
    [{ engine: 'sampan', model }],
    1000,
    controller.signal,
  )
  expect(aborted.aborted).toBe(true)
  expect(aborted.rows.map(({ status, samples }) => [status, samples.length])).toEqual([
    ['aborted', 2],
    ['aborted', 0],
  ])
  expect(readResult(writeResult(aborted))).toEqual(aborted)
}, 120_000)
