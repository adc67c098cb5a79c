import { findBrowser } from '../setup/browser.mjs'
import { canInstallDebianPackages, installDebianPackages } from '../setup/debian.mjs'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { install } from '../setup/install.mjs'
import { hasSoftwareVulkan } from '../software-vulkan.mjs'
import { denoSuite } from '../suites/deno.mjs'
import { e2eSuite } from '../suites/e2e.mjs'
import { buildSuite, lintSuite, typesSuite } from '../suites/static.mjs'
import { chromiumSuite, dawnSuite, unitSuite } from '../suites/vitest.mjs'
import { exitCodeOf, interruptSignal } from '../terminal/interrupt.mjs'

const suites = [lintSuite, typesSuite, unitSuite, buildSuite, dawnSuite, chromiumSuite, denoSuite, e2eSuite]

const help = `npm test                run every suite
npm test -- NAME …      run the suites named: ${suites.map((suite) => suite.name).join(' ')}
`

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`)

/**
 * @param {readonly string[]} names
 * @param {AbortSignal} signal
 * @returns {Promise<number>} exit code
 */
async function main(names, signal) {
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown !== undefined) throw new CommandFailure(`there is no suite ${unknown}\n${help}`, 2)
  const chosen = suites.filter((suite) => names.length === 0 || names.includes(suite.name))
  const startedAll = performance.now()
  await install(say, signal)
  const browser = await findBrowser(say, signal).catch((error) => {
    if (signal.aborted) throw error
    say(`warning: ${oneLine(error)}`)
    return undefined
  })
  if (chosen.includes(denoSuite) && !hasSoftwareVulkan('lavapipe') && canInstallDebianPackages()) {
    await installDebianPackages(['mesa-vulkan-drivers'], say, signal)
  }
  let passed = 0
  let failed = 0
  /** @type {string[]} */
  const summary = []
  for (const suite of chosen) {
    say(`\n── ${suite.name}: ${suite.says}`)
    const started = performance.now()
    const outcome = await suite.run({ browser, signal }).catch((error) => {
      if (signal.aborted) throw signal.reason
      say(` × ${oneLine(error)}`)
      return { passed: 0, failed: 1, notRun: undefined }
    })
    signal.throwIfAborted()
    passed += outcome.passed
    failed += outcome.failed
    const counts = outcome.notRun
      ? `not run${outcome.failed > 0 ? ' (counted as failed)' : ''}: ${outcome.notRun}`
      : `${outcome.passed} passed, ${outcome.failed} failed (${((performance.now() - started) / 1000).toFixed(1)} s)`
    summary.push(`  ${suite.name.padEnd(9)} ${counts}`)
  }
  say(`\n── all suites, ${((performance.now() - startedAll) / 1000).toFixed(0)} s\n${summary.join('\n')}\n`)
  say(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

const signal = interruptSignal()
const names = process.argv.slice(2)
if (names.includes('--help') || names.includes('-h')) {
  process.stdout.write(help)
  process.exit(0)
}
try {
  process.exit(await main(names, signal))
} catch (error) {
  if (signal.aborted) process.exit(exitCodeOf(signal))
  // Set-up failed, so nothing could run: that too must end in the line that is read by machines.
  process.stderr.write(`error: ${oneLine(error)}\n`)
  if (!(error instanceof CommandFailure && error.exitCode === 2)) say('0 passed, 1 failed')
  process.exit(error instanceof CommandFailure ? error.exitCode : 1)
}
