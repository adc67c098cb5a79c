import { parentPort, workerData } from 'node:worker_threads'
import { seededPick } from '../plan/random.ts'
import type { CaseFailure, FuzzReport, FuzzTask } from './fuzz-task.ts'
import { openTargets } from './targets/index.ts'
import { typedCode } from './typed-error.ts'

// Runs cases one after another; whoever started this Worker sees by the shared number where it is.
const mostFailures = 20
const task: FuzzTask = workerData
const at = new Int32Array(task.at)
const targets = await openTargets(task.root)
const target = targets.find(({ name }) => name === task.target)
if (!target) throw new Error(`There is no target ${task.target}`)

const outcomes = new Map<string, number>()
const failures: CaseFailure[] = []
let slowest = { index: -1, milliseconds: 0 }
const began = performance.now()
for (let index = task.from; index < task.to && failures.length < mostFailures; index++) {
  Atomics.store(at, 0, index)
  const start = performance.now()
  const outcome = await runCase(index)
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  const milliseconds = performance.now() - start
  if (milliseconds > slowest.milliseconds) slowest = { index, milliseconds }
}
Atomics.store(at, 0, task.to)
const report: FuzzReport = { outcomes: [...outcomes], failures, slowest, milliseconds: performance.now() - began }
parentPort?.postMessage(report)

async function runCase(index: number): Promise<string> {
  try {
    await target?.run(seededPick(task.seed, task.target, index))
    return 'read'
  } catch (error) {
    const code = typedCode(error)
    if (code !== undefined) return code
    failures.push({ index, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    return 'untyped'
  }
}
