import { fork } from 'node:child_process'
import { join } from 'node:path'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { root } from '../setup/root.mjs'

/**
 * @typedef {import('../../pocket-eval/src/evaluation-case.ts').EvaluationCase} EvaluationCase
 * @typedef {import('../../pocket-eval/src/score.ts').Answer} Answer
 * @typedef {{ kind: 'ready', adapter: string } | { kind: 'answer', answer: Answer } | { kind: 'failure', message: string }} Report
 */

const script = join(root, 'test', 'pocket-eval', 'process.mjs')

/**
 * Answers every case, each in the first process that is free.
 * @param {{ model: string, cases: readonly EvaluationCase[], processes: number, browser: string | undefined }} work
 * @param {AbortSignal} signal
 * @param {(entry: EvaluationCase, answer: Answer) => void} onAnswer in the order in which they are done
 * @returns {Promise<string>} the adapter
 */
export async function answerAll({ model, cases, processes, browser }, signal, onAnswer) {
  const queue = [...cases]
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  try {
    const adapters = await Promise.all(
      Array.from({ length: Math.max(1, Math.min(processes, cases.length)) }, () =>
        answerSome(model, browser, () => queue.shift(), both, onAnswer),
      ),
    )
    return adapters[0] ?? ''
  } finally {
    stop.abort()
  }
}

/**
 * @param {string} model
 * @param {string | undefined} browser
 * @param {() => EvaluationCase | undefined} next
 * @param {AbortSignal} signal
 * @param {(entry: EvaluationCase, answer: Answer) => void} onAnswer
 * @returns {Promise<string>}
 */
function answerSome(model, browser, next, signal, onAnswer) {
  return new Promise((resolve, reject) => {
    const child = fork(script, [model], {
      cwd: root,
      env: { ...process.env, ...(browser === undefined ? {} : { SAMPAN_BROWSER: browser }) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      signal,
    })
    let adapter = ''
    /** @type {EvaluationCase | undefined} */
    let current
    const proceed = () => {
      current = next()
      if (current) child.send(current)
      else child.disconnect()
    }
    child.on('message', (/** @type {Report} */ report) => {
      switch (report.kind) {
        case 'ready':
          adapter = report.adapter
          proceed()
          break
        case 'answer':
          if (current) onAnswer(current, report.answer)
          proceed()
          break
        case 'failure':
          reject(new CommandFailure(`${current ? `${current.id}: ` : ''}${oneLine(report.message)}`, 2))
          break
      }
    })
    child.on('error', reject)
    // Not `close`: with a channel between processes it may never come.
    child.on('exit', (code) => {
      if (code === 0 && current === undefined) resolve(adapter)
      else reject(new CommandFailure(`a process that answers ended unexpectedly (code ${code})`, 2))
    })
  })
}
