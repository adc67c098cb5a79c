import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from '../setup/build.mjs'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { install } from '../setup/install.mjs'
import { root } from '../setup/root.mjs'
import { readBits } from '../terminal/bits.mjs'
import { exitCodeOf, interruptSignal } from '../terminal/interrupt.mjs'

const help = `Compares the engine with a reference file (see test/verify/README.md).

  npm run verify -- --model MODEL --reference FILE.json

  --model      a GGUF file, a folder with config.json and safetensors, or the URL of either
  --reference  cases with messages, prompt, ids, greedy and top
  --bits       4, 8, 16 or source: how 16- and 32-bit weights are kept (default 4)
  --runtime    chromium (default), node or deno
  --json       end with one line of JSON; everything else goes to stderr
  --help

Exit code 0: every prompt and all ids are equal, and top-1 agreement is at least 0.99; 1: not so; 2: it could not be run.
`

const runtimes = /** @type {const} */ (['chromium', 'node', 'deno'])

function readArguments() {
  const options = /** @type {const} */ ({
    model: { type: 'string' },
    reference: { type: 'string' },
    bits: { type: 'string' },
    runtime: { type: 'string', default: 'chromium' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  })
  try {
    return parseArgs({ options, allowPositionals: false }).values
  } catch (error) {
    throw new CommandFailure(`${oneLine(error)} (see npm run verify -- --help)`, 2)
  }
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<number>} exit code
 */
async function main(signal) {
  const values = readArguments()
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const runtime = runtimes.find((known) => known === values.runtime)
  if (!runtime) throw new CommandFailure(`--runtime ${values.runtime}: must be chromium, node or deno`, 2)
  if (values.model === undefined || values.reference === undefined) {
    throw new CommandFailure('verify needs --model and --reference (see npm run verify -- --help)', 2)
  }
  const bits = readBits(values.bits)
  const referenceFile = resolve(process.env['INIT_CWD'] ?? process.cwd(), values.reference)
  const reference = await readFile(referenceFile, 'utf8').catch(() => {
    throw new CommandFailure(`--reference ${values.reference}: cannot be read`, 2)
  })
  /** @param {string} line */
  const say = (line) => process.stderr.write(`${line}\n`)
  await install(say, signal)
  await build(say, { signal, only: (unit) => unit.name === '@sampan/verify' })
  const { runVerification } = await import('../verify/run-verification.mjs')
  const report = await import(`file://${join(root, 'test', 'verify', 'dist', 'report.js')}`)
  const out = values.json ? process.stderr : process.stdout
  const { cases, total } = await runVerification(
    { model: values.model, reference, bits, runtime },
    say,
    signal,
    (result) => out.write(`${report.formatCase(result)}\n`),
  )
  out.write(`${report.formatTotal(total)}\n`)
  if (values.json) process.stdout.write(`${JSON.stringify({ cases, total, ok: total.ok })}\n`)
  return total.ok ? 0 : 1
}

const signal = interruptSignal()
try {
  process.exit(await main(signal))
} catch (error) {
  if (signal.aborted) process.exit(exitCodeOf(signal))
  process.stderr.write(`error: ${oneLine(error)}\n`)
  process.exit(2)
}
