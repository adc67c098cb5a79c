import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { builtFolders } from '../serve/demos.mjs'
import { startServer } from '../serve/server.mjs'
import { CommandFailure } from '../setup/failure.mjs'
import { launchBrowser } from '../setup/launch.mjs'
import { root } from '../setup/root.mjs'
import { denoCommand } from '../suites/deno-command.mjs'
import { whenAborted } from '../terminal/interrupt.mjs'
import { inOwnWords, modelSource } from '../terminal/model-argument.mjs'
import { progressDisplay } from '../terminal/progress.mjs'

/**
 * @typedef {import('../../verify/src/events.ts').VerifyEvent} VerifyEvent
 * @typedef {import('../../verify/src/events.ts').VerifyRequest} VerifyRequest
 * @typedef {import('../../verify/src/compare.ts').CaseResult} CaseResult
 * @typedef {import('../../verify/src/compare.ts').Total} Total
 */

/**
 * @param {{ model: string, reference: string, bits: VerifyRequest['bits'], runtime: 'chromium' | 'node' | 'deno' }} options
 * @param {(line: string) => void} say
 * @param {AbortSignal} signal
 * @param {(result: CaseResult) => void} onCase
 * @returns {Promise<{ cases: CaseResult[], total: Total }>}
 */
export async function runVerification({ model, reference, bits, runtime }, say, signal, onCase) {
  const server = await startServer({ folders: builtFolders() })
  const named = modelSource(model, server.share)
  const request = { model: named.source, reference, ...(bits === undefined ? {} : { bits }) }
  if (!/^https?:/.test(named.source)) throw new CommandFailure(`--model ${model}: no such file or folder`, 2)
  const display = progressDisplay(process.stderr)
  /** @type {CaseResult[]} */
  const cases = []
  /** @type {Total | undefined} */
  let total
  let fraction = 0
  /** @param {VerifyEvent} event */
  const tell = (event) => {
    switch (event.kind) {
      case 'progress':
        if (event.phase === 'weights' && event.total > 0) fraction = event.loaded / event.total
        // Programs compile while weights stream, and the last of them after: never done before `loaded`.
        display.update({ ...event, fraction: Math.min(0.99, fraction) })
        break
      case 'loaded':
        display.end()
        say(
          `${event.adapter}${event.software ? ' (software)' : ''} · loaded in ${(event.milliseconds / 1000).toFixed(1)} s`,
        )
        break
      case 'prefill':
        display.update({
          ...event,
          phase: event.name,
          loaded: event.done,
          fraction: event.done / event.total,
          verb: 'scoring',
        })
        break
      case 'case':
        display.end()
        cases.push(event.result)
        onCase(event.result)
        break
      case 'end':
        total = event.total
        break
      case 'failure':
        display.end()
        throw new CommandFailure(`${inOwnWords(event.message, named)}${event.code ? ` (${event.code})` : ''}`, 2)
    }
  }
  try {
    if (runtime === 'chromium') await runInBrowser(server.origin, request, say, signal, tell)
    else await runInProcess(runtime, request, signal, tell)
  } finally {
    display.end()
    await server.close()
  }
  if (!total) throw new CommandFailure('the run ended before its last case', 2)
  return { cases, total }
}

/**
 * @param {string} origin
 * @param {VerifyRequest} request
 * @param {(line: string) => void} say
 * @param {AbortSignal} signal
 * @param {(event: VerifyEvent) => void} tell
 */
async function runInBrowser(origin, request, say, signal, tell) {
  const aborted = whenAborted(signal)
  const { browser } = await launchBrowser(`${origin}/verify/`, say, signal)
  try {
    const page = await Promise.race([browser.newPage(), aborted])
    const done = new Promise((resolve, reject) => {
      page.once('crash', () => reject(new CommandFailure('the page crashed, most likely for want of memory', 2)))
      browser.once('disconnected', () => reject(new CommandFailure('the browser ended unexpectedly', 2)))
      const report = (/** @type {VerifyEvent} */ event) => {
        try {
          tell(event)
        } catch (error) {
          reject(error)
        }
      }
      page
        .exposeFunction('sampanReport', report)
        .then(() => page.goto(`${origin}/verify/`))
        .then(() => page.waitForFunction('globalThis.sampanVerify', undefined, { timeout: 30_000 }))
        .then(() => page.evaluate((plain) => Reflect.get(globalThis, 'sampanVerify')(plain), request))
        .then(resolve, reject)
    })
    await Promise.race([done, aborted])
  } finally {
    await browser.close().catch(() => undefined)
  }
}

/**
 * @param {'node' | 'deno'} runtime
 * @param {VerifyRequest} request
 * @param {AbortSignal} signal
 * @param {(event: VerifyEvent) => void} tell
 * @returns {Promise<void>}
 */
function runInProcess(runtime, request, signal, tell) {
  const script = join(root, 'test', 'verify', 'process.mjs')
  const parameters = [script, pathToFileURL(join(root, 'test', 'verify', 'dist', 'verify.js')).href]
  const { file, prefix, env } = runtime === 'deno' ? denoCommand() : { file: process.execPath, prefix: [], env: {} }
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...prefix, ...parameters], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
    })
    let errors = ''
    let failed = false
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      try {
        if (line.startsWith('{')) tell(JSON.parse(line, (_, value) => (value === 'NaN' ? Number.NaN : value)))
      } catch (error) {
        failed = true
        reject(error)
      }
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else if (!failed)
        reject(new CommandFailure(errors.trim().split('\n').at(-1) || `${runtime} ended with code ${code}`, 2))
    })
    child.stdin.end(JSON.stringify(request))
  })
}
