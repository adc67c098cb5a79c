import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { answerAll } from '../pocket-eval/answer-all.mjs'
import { findBrowser } from '../setup/browser.mjs'
import { runChild } from '../setup/child.mjs'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { install } from '../setup/install.mjs'
import { root } from '../setup/root.mjs'
import { exitCodeOf, interruptSignal } from '../terminal/interrupt.mjs'

/**
 * @typedef {typeof import('../../pocket-eval/src/node.ts')} Evaluation
 * @typedef {import('../../pocket-eval/src/results.ts').Outcome} Outcome
 */

const help = `Asks Pocket everything in packages/pocket/evaluation, on our engine, and prints the tables of its card.

  npm run pocket:eval [-- OPTIONS]

  --file FILE.gguf  another model file (default packages/pocket/pocket.gguf)
  --count N         most cases of each task, source and language (default all)
  --task TASK       one task only, as held-out.jsonl names it, or outside, inside
  --lang en|zh      one language only
  --jobs N          processes, about a core each (default: as many as there are cores, 4 at most)
  --json OUT        write figures, questions and replies to a file
  --write-card      write packages/pocket/card.json and the tables of its README (needs all cases of the committed file)
  --verbose         print what was wrong
  --help

Replies are greedy, rendered by the file's own chat template, and end at an end token or at one and a half times the right length.
`

const pocketFolder = join(root, 'packages', 'pocket')
const mostJobs = 4

function readArguments() {
  const options = /** @type {const} */ ({
    file: { type: 'string' },
    count: { type: 'string' },
    task: { type: 'string' },
    lang: { type: 'string' },
    jobs: { type: 'string' },
    json: { type: 'string' },
    'write-card': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  })
  try {
    return parseArgs({ options, allowPositionals: false }).values
  } catch (error) {
    throw new CommandFailure(`${oneLine(error)} (see npm run pocket:eval -- --help)`, 2)
  }
}

/**
 * @param {string} name
 * @param {string | undefined} text
 */
function readCount(name, text) {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new CommandFailure(`--${name} ${text}: must be a whole number from 1`, 2)
  return Number(text)
}

/** @param {string | undefined} lang */
function readLanguage(lang) {
  if (lang === undefined || lang === 'en' || lang === 'zh') return lang
  throw new CommandFailure(`--lang ${lang}: must be en or zh`, 2)
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
  const { file, task, json } = values
  const count = readCount('count', values.count)
  const lang = readLanguage(values.lang)
  const jobs = readCount('jobs', values.jobs) ?? Math.min(mostJobs, availableParallelism())
  const wholeCard = file === undefined && count === undefined && task === undefined && lang === undefined
  if (values['write-card'] && !wholeCard) {
    throw new CommandFailure(
      '--write-card needs all cases of the committed file: leave out --file, --count, --task and --lang',
      2,
    )
  }
  const from = process.env['INIT_CWD'] ?? process.cwd()
  const model = file === undefined ? join(pocketFolder, 'pocket.gguf') : resolve(from, file)
  const bytes = await readFile(model).catch(() => {
    throw new CommandFailure(`--file ${file ?? model}: cannot be read`, 2)
  })
  /** @param {string} line */
  const say = (line) => process.stderr.write(`${line}\n`)
  await install(say, signal)
  // Its SwiftShader is what Dawn runs on where there is no GPU to rely on.
  const browser = process.platform === 'linux' ? await findBrowser(say, signal) : undefined
  const { importSource } = await import('../../pocket-eval/import-source.mjs')
  /** @type {Evaluation} */
  const evaluation = await importSource('node.ts')
  const read = await evaluation.readCases()
  const cases = evaluation.chooseCases(read.cases, { count, task, lang })
  if (cases.length === 0) {
    const known = [...new Set(read.cases.map((entry) => entry.task))].join(', ')
    throw new CommandFailure(`--task ${task}: there is none of it; known: ${known}`, 2)
  }
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const progress = progressLine(cases.length, seconds)
  /** @type {Outcome[]} */
  const outcomes = []
  const adapter = await answerAll({ model, cases, processes: jobs, browser }, signal, (entry, answer) => {
    const outcome = { entry, answer, score: evaluation.scoreAnswer(entry, answer) }
    outcomes.push(outcome)
    progress.update(outcomes.length)
    if (values.verbose) sayWrong(outcome, progress.clear)
  })
  progress.clear()
  const spent = Math.round(seconds())
  // Processes end in any order; what is written must not depend on it.
  const place = new Map(cases.map((entry, index) => [entry, index]))
  outcomes.sort((a, b) => (place.get(a.entry) ?? 0) - (place.get(b.entry) ?? 0))
  const results = evaluation.resultRows(outcomes)
  const card = {
    model: { sha256: evaluation.sha256(bytes), bytes: bytes.length },
    casesSha256: read.sha256,
    adapter,
    seconds: spent,
    results,
  }
  process.stdout.write(`${evaluation.markdownTables(results)}\n`)
  say(`${cases.length} cases in ${spent} s · ${adapter}`)
  if (json !== undefined)
    await writeFile(resolve(from, json), `${JSON.stringify({ ...card, outcomes }, undefined, 1)}\n`)
  if (values['write-card']) {
    const readme = join(pocketFolder, 'README.md')
    await writeFile(readme, evaluation.withResults(await readFile(readme, 'utf8'), card))
    await writeCard(card)
    say('card.json and README.md are written')
  }
  return 0
}

/** @param {import('../../pocket-eval/src/card.ts').Card} card */
async function writeCard(card) {
  const file = join(pocketFolder, 'card.json')
  await writeFile(file, JSON.stringify(card))
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const parameters = [biome, 'format', '--write', '--config-path', 'test/tooling/lint.json', file]
  const { code, output } = await runChild(process.execPath, parameters, { cwd: root })
  if (code !== 0) throw new CommandFailure(`card.json could not be formatted: ${oneLine(output)}`, 2)
}

/**
 * @param {Outcome} outcome
 * @param {() => void} clear
 */
function sayWrong({ entry, answer, score }, clear) {
  const wrong = Object.entries(score).filter(([name, { right, of }]) =>
    name === 'falseFallback' ? right > 0 : right < of,
  )
  if (wrong.length === 0) return
  clear()
  const asked = entry.messages.at(-1)?.['content']
  const wanted = entry.reply ?? ('value' in entry.expected ? JSON.stringify(entry.expected.value) : entry.expected.kind)
  const opening = answer.beyond ? '<|beyond|>' : ''
  process.stdout.write(
    `${entry.source} ${entry.id}: ${wrong.map(([name]) => name).join(', ')}\n  > ${indent(String(asked))}\n  wanted ${indent(wanted)}\n  got    ${indent(opening + answer.text)}\n`,
  )
}

/** @param {string} text */
const indent = (text) => text.replaceAll('\n', '\n         ')

/**
 * @param {number} total
 * @param {() => number} seconds
 */
function progressLine(total, seconds) {
  const stream = process.stderr
  let step = 0
  return {
    /** @param {number} done */
    update(done) {
      const left = Math.round((seconds() / done) * (total - done))
      const line = `${done} of ${total} cases, about ${left} s left`
      if (stream.isTTY) stream.write(`\r\x1b[K${line}`)
      else if (Math.floor((20 * done) / total) > step) {
        step = Math.floor((20 * done) / total)
        stream.write(`${line}\n`)
      }
    },
    clear() {
      if (stream.isTTY) stream.write('\r\x1b[K')
    },
  }
}

const signal = interruptSignal()
try {
  process.exit(await main(signal))
} catch (error) {
  if (signal.aborted) process.exit(exitCodeOf(signal))
  process.stderr.write(`error: ${oneLine(error)}\n`)
  process.exit(error instanceof CommandFailure ? error.exitCode : 2)
}
