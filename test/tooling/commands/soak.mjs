import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findBrowser } from '../setup/browser.mjs'
import { oneLine } from '../setup/failure.mjs'
import { install } from '../setup/install.mjs'
import { root } from '../setup/root.mjs'
import { sum } from '../suites/suite.mjs'
import { runProject } from '../suites/vitest.mjs'
import { exitCodeOf, interruptSignal } from '../terminal/interrupt.mjs'

/** Tests that are longer where it is set. */
const variable = 'SAMPAN_SOAK'

const help = `Long runs that npm test leaves out.

  npm run soak                  the long forms of tests: 1,000 loads, 50 kills, a million mutations, apps of every bundler
  npm run soak -- TEXT …        those whose path holds one of these texts
  npm run soak -- --case MODEL=REFERENCE.json [--case …] [--runtime chromium|node|deno …] [--repeat N]
                                verifies real checkpoints against their references, in every runtime named (default: all
                                three), N times over (default 1)
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    case: { type: 'string', multiple: true, default: [] },
    runtime: { type: 'string', multiple: true, default: ['chromium', 'node', 'deno'] },
    repeat: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`)

/**
 * @param {string} folder
 * @returns {string[]} tests with a long form, by their path from the root
 */
function longTests(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : longTests(path)
    return path.endsWith('.test.ts') && readFileSync(join(root, path), 'utf8').includes(variable) ? [path] : []
  })
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<import('../suites/suite.mjs').Outcome>}
 */
async function runLongTests(signal) {
  await install(say, signal)
  const browser = await findBrowser(say, signal)
  const files = ['packages', 'test', 'demos']
    .flatMap(longTests)
    .filter((file) => positionals.length === 0 || positionals.some((text) => file.includes(text)))
  if (files.length === 0) throw new Error(`no test with a long form has ${positionals.join(' or ')} in its path`)
  const outcomes = []
  /** @type {string[]} */
  const summary = []
  for (const project of ['unit', 'dawn']) {
    const chosen = files.filter((file) => file.endsWith('.gpu.test.ts') === (project === 'dawn'))
    if (chosen.length === 0) continue
    const outcome = await runProject(project, { browser, signal }, { files: chosen, env: { [variable]: '1' } })
    outcomes.push(outcome)
    for (const { path, passed, failed, seconds } of outcome.files.toSorted((a, b) => b.seconds - a.seconds))
      summary.push(`  ${path.padEnd(60)} ${passed} passed, ${failed} failed (${seconds.toFixed(0)} s)`)
  }
  say(`\n── long forms\n${summary.join('\n')}`)
  return sum(outcomes)
}

/** @returns {import('../suites/suite.mjs').Outcome} */
function verifyCases() {
  const verifyCommand = join(root, 'test', 'tooling', 'commands', 'verify.mjs')
  const outcome = { passed: 0, failed: 0 }
  for (let round = 0; round < Math.max(1, Number(values.repeat)); round++) {
    for (const pair of values.case) {
      const cut = pair.lastIndexOf('=')
      const [model, reference] = [pair.slice(0, cut), pair.slice(cut + 1)]
      for (const runtime of values.runtime) {
        say(`\n── ${model} in ${runtime}`)
        const parameters = [verifyCommand, '--model', model, '--reference', reference, '--runtime', runtime]
        const { status, signal } = spawnSync(process.execPath, parameters, { stdio: 'inherit' })
        if (signal === 'SIGINT' || status === 130) process.exit(130)
        outcome[status === 0 ? 'passed' : 'failed']++
      }
    }
  }
  return outcome
}

if (values.help) {
  process.stdout.write(help)
  process.exit(0)
}
const signal = interruptSignal()
try {
  const { passed, failed } = values.case.length > 0 ? verifyCases() : await runLongTests(signal)
  say(`\n${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
} catch (error) {
  if (signal.aborted) process.exit(exitCodeOf(signal))
  process.stderr.write(`error: ${oneLine(error)}\n`)
  process.exit(1)
}
