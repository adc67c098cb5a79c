import { parseArgs } from 'node:util'
import { build } from '../setup/build.mjs'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { install } from '../setup/install.mjs'
import { readBits } from '../terminal/bits.mjs'
import { exitCodeOf, interruptSignal } from '../terminal/interrupt.mjs'
import { pocketName } from '../terminal/model-argument.mjs'

const help = `Sampan runs small open models in a web page, on the visitor's own GPU.

  npm start                                     build and serve the demos, print their address
  npm start -- --prompt "TEXT"                  answer in this terminal (headless Chromium)
  npm start -- --prompt "TEXT" --model MODEL    the same with a model of your own

  --model        a GGUF file, a folder with config.json and safetensors, the URL of either, or a repository id (org/name);
                 default: pocket, the 7 MB model that comes with this repository
  --prompt       what to ask
  --system       a system message to put before it
  --max-tokens   longest answer, in tokens (default 512)
  --temperature  0 (greedy, the default) to 2
  --seed         replays a sampled answer
  --thinking     on or off, for models that think before they answer; thoughts go to stderr, dimmed, the answer to stdout
  --bits         4, 8, 16 or source: how 16- and 32-bit weights are kept (default 4)
  --backend      sampan (our engine on WebGPU, the default), wllama (llama.cpp on the CPU) or auto (what a page would take)
  --port         of the demos (default: a free one)
  --open         show the demos in a browser here; where there is no GPU, one with the software adapter of WebGPU
  --json         end with one line of JSON; everything else goes to stderr
  --help

  SAMPAN_BROWSER=PATH names the browser to use.
`

/**
 * @param {string | undefined} text
 * @param {string} flag
 * @param {number} least
 * @param {number} most
 */
function number(text, flag, least, most) {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= least && value <= most) return value
  throw new CommandFailure(`--${flag} ${text}: must be a number from ${least} to ${most}`, 2)
}

/**
 * @param {string | undefined} text
 * @param {string} flag
 * @param {number} least
 * @param {number} most
 */
function integer(text, flag, least, most) {
  const value = number(text, flag, least, most)
  if (value === undefined || Number.isInteger(value)) return value
  throw new CommandFailure(`--${flag} ${text}: must be a whole number`, 2)
}

/**
 * @param {string | undefined} text
 * @param {string} flag
 * @returns {'enabled' | 'disabled' | undefined}
 */
function readSwitch(text, flag) {
  if (text === undefined) return undefined
  if (text === 'on') return 'enabled'
  if (text === 'off') return 'disabled'
  throw new CommandFailure(`--${flag} ${text}: must be on or off`, 2)
}

function readArguments() {
  const options = /** @type {const} */ ({
    model: { type: 'string' },
    prompt: { type: 'string' },
    system: { type: 'string' },
    'max-tokens': { type: 'string' },
    temperature: { type: 'string' },
    seed: { type: 'string' },
    thinking: { type: 'string' },
    bits: { type: 'string' },
    backend: { type: 'string' },
    port: { type: 'string' },
    open: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  })
  try {
    return parseArgs({ options, allowPositionals: false }).values
  } catch (error) {
    throw new CommandFailure(`${oneLine(error)} (see npm start -- --help)`, 2)
  }
}

/** @param {AbortSignal} signal */
async function main(signal) {
  const values = readArguments()
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const request = {
    model: values.model ?? pocketName,
    prompt: values.prompt,
    system: values.system,
    maxTokens: integer(values['max-tokens'], 'max-tokens', 1, 1_000_000) ?? 512,
    temperature: number(values.temperature, 'temperature', 0, 2) ?? 0,
    seed: integer(values.seed, 'seed', 0, 2 ** 32 - 1),
    thinking: readSwitch(values.thinking, 'thinking'),
    bits: readBits(values.bits),
    backend: values.backend,
    json: values.json,
  }
  const port = integer(values.port, 'port', 0, 65_535) ?? 0
  if (values.model !== undefined && values.prompt === undefined) {
    throw new CommandFailure('--model needs --prompt: say what to ask', 2)
  }
  if (values.backend !== undefined && !['sampan', 'wllama', 'web-llm', 'auto'].includes(values.backend)) {
    throw new CommandFailure(`--backend ${values.backend}: must be sampan, wllama, web-llm or auto`, 2)
  }
  if (values.open && values.prompt !== undefined) {
    throw new CommandFailure('--open shows the demos, --prompt answers here: give one of them', 2)
  }

  /** @param {string} line */
  const say = (line) => process.stderr.write(`${line}\n`)
  await install(say, signal)
  await build(say, { signal })
  // Imported late: these need what was just installed.
  if (request.prompt !== undefined) {
    const { answerInTerminal } = await import('../terminal/answer.mjs')
    await answerInTerminal({ ...request, prompt: request.prompt }, say, signal)
    return
  }
  const { serveDemos } = await import('../serve/demos.mjs')
  await serveDemos({ port, open: values.open }, signal)
}

const signal = interruptSignal()
try {
  await main(signal)
  process.exit(0)
} catch (error) {
  if (signal.aborted) process.exit(exitCodeOf(signal))
  process.stderr.write(`error: ${oneLine(error)}\n`)
  process.exit(error instanceof CommandFailure ? error.exitCode : 1)
}
