import { parseArgs } from 'node:util'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { readBits } from '../terminal/bits.mjs'
import { pocketName } from '../terminal/model-argument.mjs'

/**
 * @typedef {import('../../../packages/bench/src/engines/bench-engine.ts').EngineName} EngineName
 * @typedef {import('../../../packages/bench/src/runner/suites.ts').SuiteName} SuiteName
 */

export const help = `Measures tokens per second of engines side by side on this machine (see packages/bench/README.md).

  npm run bench -- --engine sampan,wllama --model pocket --suite quick
  npm run bench -- --model FILE.gguf --out result.json        keep every sample
  npm run bench -- --model FILE.gguf --compare result.json    how much did it change since?
  npm run bench -- --against FOLDER                           two checkouts, taking turns

What is measured
  --engine NAMES     sampan (default), sampan-dawn, wllama, wllama-webgpu, web-llm, transformers, openai-compatible
  --model SOURCE     pocket (default), a GGUF file, a folder with config.json and safetensors, the URL of either, org/name;
                     ENGINE=SOURCE, as often as needed, for an engine that takes the model in another form (web-llm=mlc:…)
  --name NAME        what results call the model (default: its file's name)
  --bits             4, 8 or 16: how sampan keeps 16- and 32-bit weights (default 4)
  --suite            quick (default), standard or depth
  --test, --depth    instead of a suite: --test pp64,tg16 --depth 0,256
  --samples N        of each row at least (default: the suite's)
  --most N           and at most (default 50)
  --seconds S        of each row at least, unless that takes more samples than --most
  --reference FILE   right answers, as \`npm run verify\` takes them; rows without are not ranked. Pocket has its own.

Where
  --browser PATH     instead of the one that is found
  --headed           show it
  --gpu-name TEXT    what your GPU is called: browsers do not tell
  --note TEXT        anything that a reader should know
  --url URL          with --engine openai-compatible: …/v1 of a server, and --api-model NAME there;
                     SAMPAN_API_KEY is sent along; --vocabulary N where the server does not tell it

What is written
  --out FILE.json    the result with every sample
  --csv, --markdown, --html FILE
  --compare FILE     a result to compare with
  --against FOLDER   another checkout of this repository, whose build takes turns with this one's
  --help

Exit code 0: done, and where something was compared no row is worse; 1: a row is; 2: it could not be run, or not be compared.
`

/** @type {readonly EngineName[]} */
const engineNames = ['sampan', 'sampan-dawn', 'wllama', 'wllama-webgpu', 'web-llm', 'transformers', 'openai-compatible']
/** @type {readonly SuiteName[]} */
const suiteNames = ['quick', 'standard', 'depth']

/** What result files take. */
const longest = { name: 200, source: 1000, note: 2000 }
/** Control characters, and those that turn the direction of writing: result files hold none. */
const unsafe = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u
/** Of a row; results take no more than a thousand. */
const mostSamplesLimit = 1000
const usualMostSamples = 50
/** What a suite of one's own takes where nothing is said. */
const usualLeastSamples = 10
const deepest = 1_000_000

/**
 * @typedef {object} BenchOptions
 * @property {readonly EngineName[]} engines
 * @property {string} model
 * @property {ReadonlyMap<EngineName, string>} models of engines that take another one
 * @property {string | undefined} name
 * @property {4 | 8 | 16 | undefined} bits
 * @property {SuiteName | readonly { readonly test: string, readonly depth: number }[]} suite
 * @property {number | undefined} samples
 * @property {number} mostSamples
 * @property {number | undefined} seconds
 * @property {string | undefined} reference
 * @property {{ json?: string, csv?: string, markdown?: string, html?: string }} files
 * @property {string | undefined} browser
 * @property {boolean} headed
 * @property {string | undefined} gpuName
 * @property {string | undefined} note
 * @property {string | undefined} compare
 * @property {string | undefined} against
 * @property {{ url: string, model: string } | undefined} server
 * @property {number | undefined} vocabulary
 */

/**
 * What was typed.
 * @param {readonly string[]} parameters
 * @returns {BenchOptions | 'help' | 'build'}
 * @throws CommandFailure with exit code 2, in one line
 */
export function readOptions(parameters) {
  const values = parse(parameters)
  if (values.help) return 'help'
  if (values.build) return 'build'
  const engines = readEngines(values.engine)
  const { model, models } = readModels(values.model ?? [], engines)
  const bits = readBits(values.bits)
  if (bits === 'source') throw refusal('--bits source: must be 4, 8 or 16')
  const suite = readSuite(values)
  const samples = integer(values.samples, 'samples', 1, mostSamplesLimit)
  const mostSamples = integer(values.most, 'most', 1, mostSamplesLimit) ?? Math.max(usualMostSamples, samples ?? 0)
  if (mostSamples < (samples ?? usualLeastSamples)) {
    throw refusal(
      `--most ${mostSamples}: is less than the ${samples ?? usualLeastSamples} samples that are wanted at least (--samples)`,
    )
  }
  if (values.against !== undefined) {
    if (engines.length > 1 || engines[0] !== 'sampan')
      throw refusal('--against compares two builds of sampan in a browser: leave out the other engines')
    if (values.compare !== undefined)
      throw refusal('--against and --compare are two ways of comparing: give one of them')
  }
  return {
    ...{ engines, model, models, bits, suite, samples, mostSamples },
    seconds: integer(values.seconds, 'seconds', 0, 3600),
    name: text(values.name, 'name', longest.name),
    gpuName: text(values['gpu-name'], 'gpu-name', longest.name),
    note: text(values.note, 'note', longest.note),
    reference: text(values.reference, 'reference'),
    browser: text(values.browser, 'browser'),
    compare: text(values.compare, 'compare'),
    against: text(values.against, 'against'),
    headed: values.headed,
    server: readServer(values, engines),
    vocabulary: integer(values.vocabulary, 'vocabulary', 10, 10_000_000),
    files: {
      ...(values.out !== undefined && { json: values.out }),
      ...(values.csv !== undefined && { csv: values.csv }),
      ...(values.markdown !== undefined && { markdown: values.markdown }),
      ...(values.html !== undefined && { html: values.html }),
    },
  }
}

/** @param {readonly string[]} parameters */
function parse(parameters) {
  const one = /** @type {const} */ ({ type: 'string' })
  const options = /** @type {const} */ ({
    engine: one,
    model: { type: 'string', multiple: true },
    name: one,
    bits: one,
    suite: one,
    test: one,
    depth: one,
    samples: one,
    most: one,
    seconds: one,
    reference: one,
    out: one,
    csv: one,
    markdown: one,
    html: one,
    browser: one,
    headed: { type: 'boolean', default: false },
    'gpu-name': one,
    note: one,
    compare: one,
    against: one,
    url: one,
    'api-model': one,
    vocabulary: one,
    // What the other checkout of --against is told.
    build: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  })
  try {
    return parseArgs({ args: [...parameters], options, allowPositionals: false }).values
  } catch (error) {
    throw refusal(`${oneLine(error)} (see npm run bench -- --help)`)
  }
}

/** @param {string | undefined} typed */
function readEngines(typed = 'sampan') {
  return list(typed, 'engine').map((name) => {
    const known = engineNames.find((engine) => engine === name)
    if (known) return known
    throw refusal(`--engine ${name}: must be of ${engineNames.join(', ')}`)
  })
}

/**
 * @param {readonly string[]} typed
 * @param {readonly EngineName[]} engines
 */
function readModels(typed, engines) {
  /** @type {Map<EngineName, string>} */
  const models = new Map()
  /** @type {string | undefined} */
  let model
  for (const source of typed) {
    text(source, 'model')
    const [, engine, own] = /^([a-z-]+)=(.+)$/.exec(source) ?? []
    const known = engineNames.find((name) => name === engine)
    if (known !== undefined && own !== undefined) {
      if (!engines.includes(known)) throw refusal(`--model ${source}: ${known} is not among the engines`)
      models.set(known, own)
    } else if (model !== undefined) throw refusal('--model names two models: they are measured one at a time')
    else model = source
  }
  return { model: model ?? pocketName, models }
}

/**
 * @param {{ suite?: string, test?: string, depth?: string }} values
 * @returns {BenchOptions['suite']}
 */
function readSuite({ suite, test, depth }) {
  if (test === undefined) {
    if (depth !== undefined) throw refusal('--depth needs --test: suites have depths of their own')
    const known = suiteNames.find((name) => name === (suite ?? 'quick'))
    if (known) return known
    throw refusal(`--suite ${suite}: must be ${suiteNames.join(', ')}`)
  }
  if (suite !== undefined) throw refusal('--suite and --test are two ways of saying what is measured: give one of them')
  const tests = list(test, 'test')
  for (const name of tests)
    if (!/^(pp|tg)[1-9]\d{0,5}$/.test(name)) throw refusal(`--test ${name}: must be such as pp512 or tg128`)
  const depths = list(depth ?? '0', 'depth').map((typed) => integer(typed, 'depth', 0, deepest) ?? 0)
  return depths.flatMap((depth) => tests.map((test) => ({ test, depth })))
}

/**
 * @param {{ url?: string, 'api-model'?: string }} values
 * @param {readonly EngineName[]} engines
 */
function readServer({ url, 'api-model': model }, engines) {
  const isAsked = engines.includes('openai-compatible')
  if (!isAsked) {
    if (url !== undefined || model !== undefined)
      throw refusal('--url and --api-model are for --engine openai-compatible')
    return undefined
  }
  if (url === undefined || model === undefined) throw refusal('--engine openai-compatible needs --url and --api-model')
  text(model, 'api-model', longest.name)
  text(url, 'url')
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw refusal(`--url ${url}: must be the http(s) address of an API, such as http://127.0.0.1:8000/v1`)
  return { url, model }
}

/**
 * @param {string} typed
 * @param {string} flag
 */
function list(typed, flag) {
  const parts = typed.split(',').map((part) => part.trim())
  if (parts.some((part) => part === '')) throw refusal(`--${flag} ${typed}: something between the commas is missing`)
  const twice = parts.find((part, index) => parts.indexOf(part) !== index)
  if (twice !== undefined) throw refusal(`--${flag} ${typed}: names ${twice} twice`)
  return parts
}

/**
 * @param {string | undefined} typed
 * @param {string} flag
 * @param {number} [most] characters
 */
function text(typed, flag, most = longest.source) {
  if (typed === undefined) return undefined
  if (typed.trim() === '') throw refusal(`--${flag} is empty`)
  if (typed.length > most) throw refusal(`--${flag} is longer than ${most} characters`)
  if (unsafe.test(typed)) throw refusal(`--${flag} holds characters that cannot be seen`)
  return typed
}

/**
 * @param {string | undefined} typed
 * @param {string} flag
 * @param {number} least
 * @param {number} most
 */
function integer(typed, flag, least, most) {
  if (typed === undefined) return undefined
  const value = Number(typed)
  if (/^\d+$/.test(typed) && value >= least && value <= most) return value
  throw refusal(`--${flag} ${typed}: must be a whole number from ${least} to ${most}`)
}

/** @param {string} message */
function refusal(message) {
  return new CommandFailure(message, 2)
}
