import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build, defaultServerConditions } from 'vite'
import type { CaseFailure, FuzzReport, FuzzTask } from './fuzz-task.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const root = fileURLToPath(new URL('../../..', import.meta.url))
/** A case that takes so long hangs. It is a matter of milliseconds for the others. */
const hangMilliseconds = 60_000
/** Of JavaScript's heap, for one target with all its seeds. */
const heapMegabytes = 512
/** Of the whole process over what it was, typed arrays included. */
const residentBytes = 1.5 * 2 ** 30

export interface FuzzRun extends FuzzReport {
  readonly target: string
}

/** The Worker's script, built from source: threads of Node do not read TypeScript. */
export interface FuzzScript {
  readonly path: string
  remove(): void
}

export async function buildFuzzScript(): Promise<FuzzScript> {
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@sampan/source', ...defaultServerConditions] },
    ssr: { noExternal: true, resolve: { conditions: ['@sampan/source', ...defaultServerConditions] } },
    build: { write: false, minify: false, ssr: join(folder, 'fuzz/fuzz-worker.ts'), target: 'node20' },
  })
  const [result] = [built].flat()
  const chunks = result && 'output' in result ? result.output.filter((part) => part.type === 'chunk') : []
  const directory = mkdtempSync(join(folder, 'node_modules', '.fuzz-'))
  for (const { fileName, code } of chunks) writeFileSync(join(directory, fileName.replace(/^.*\//, '')), code)
  const entry = chunks.find(({ isEntry }) => isEntry)?.fileName.replace(/^.*\//, '') ?? ''
  return { path: join(directory, entry), remove: () => rmSync(directory, { recursive: true, force: true }) }
}

/** Runs cases `[0, cases)` of a target in a thread that is ended when it hangs or takes too much memory, and goes on after that case. */
export async function runFuzz(script: FuzzScript, target: string, seed: number, cases: number): Promise<FuzzRun> {
  const outcomes = new Map<string, number>()
  const failures: CaseFailure[] = []
  let [slowest, milliseconds, from] = [{ index: -1, milliseconds: 0 }, 0, 0]
  while (from < cases) {
    const at = new SharedArrayBuffer(4)
    const ended = await runThread(script, { root, target, seed, from, to: cases, at })
    if ('failure' in ended) {
      const index = new Int32Array(at)[0] ?? from
      failures.push({ index, error: ended.failure })
      from = index + 1
      if (failures.length > 20) break
      continue
    }
    for (const [code, count] of ended.outcomes) outcomes.set(code, (outcomes.get(code) ?? 0) + count)
    failures.push(...ended.failures)
    if (ended.slowest.milliseconds > slowest.milliseconds) slowest = ended.slowest
    milliseconds += ended.milliseconds
    break
  }
  return { target, outcomes: [...outcomes], failures, slowest, milliseconds }
}

function runThread(script: FuzzScript, task: FuzzTask): Promise<FuzzReport | { readonly failure: string }> {
  const thread = new Worker(script.path, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  })
  const at = new Int32Array(task.at)
  Atomics.store(at, 0, task.from)
  const before = process.memoryUsage().rss
  let [seen, since] = [-1, performance.now()]
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      const now = at[0] ?? 0
      if (now !== seen) [seen, since] = [now, performance.now()]
      const rss = process.memoryUsage().rss - before
      if (performance.now() - since > hangMilliseconds) end({ failure: `takes over ${hangMilliseconds} ms` })
      else if (rss > residentBytes) end({ failure: `takes ${rss} bytes of memory` })
    }, 200)
    const end = (result: FuzzReport | { readonly failure: string }): void => {
      clearInterval(watch)
      void thread.terminate().then(() => resolve(result))
    }
    thread.on('message', (report: FuzzReport) => end(report))
    thread.on('error', (error) => end({ failure: `ends the thread: ${error.message}` }))
  })
}
