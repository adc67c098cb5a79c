import { help, readOptions } from '../bench/options.mjs'
import { build } from '../setup/build.mjs'
import { oneLine } from '../setup/failure.mjs'
import { install } from '../setup/install.mjs'
import { exitCodeOf, interruptSignal } from '../terminal/interrupt.mjs'

/**
 * @param {AbortSignal} signal
 * @returns {Promise<number>} exit code
 */
async function main(signal) {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(help)
    return 0
  }
  /** @param {string} line */
  const say = (line) => process.stderr.write(`${line}\n`)
  await install(say, signal)
  await build(say, { signal, only: (unit) => unit.name === '@sampan/bench' })
  if (options === 'build') return 0
  // Imported late: it needs what was just installed and built.
  const { runBench } = await import('../bench/run-bench.mjs')
  return runBench(options, say, signal)
}

const signal = interruptSignal()
try {
  process.exit(await main(signal))
} catch (error) {
  if (signal.aborted) process.exit(exitCodeOf(signal))
  process.stderr.write(`error: ${oneLine(error)}\n`)
  // 1 is for what was compared and lost.
  process.exit(2)
}
