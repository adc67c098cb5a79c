import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { mayHaveGpu } from '../setup/browser.mjs'
import { runChild } from '../setup/child.mjs'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { root } from '../setup/root.mjs'
import { softwareVulkan } from '../software-vulkan.mjs'
import { exitCodeOf } from '../terminal/interrupt.mjs'
import { modelSource, pocketName } from '../terminal/model-argument.mjs'
import { benchBrowsers } from './browsers.mjs'
import { serveBuild, sha256 } from './place.mjs'
import { runLine } from './run-line.mjs'

/**
 * @typedef {typeof import('../../../packages/bench/src/command/index.ts')} Bench
 * @typedef {import('../../../packages/bench/src/command/command-host.ts').BuildPlace} BuildPlace
 * @typedef {import('../../../packages/bench/src/runner/measure-cell.ts').CellSide} CellSide
 * @typedef {import('../../../packages/bench/src/runner/check-agreement.ts').Reference} Reference
 * @typedef {import('../../../packages/bench/src/result/result-types.ts').BenchResult} BenchResult
 * @typedef {import('./options.mjs').BenchOptions} BenchOptions
 * @typedef {Awaited<ReturnType<typeof serveBuild>>} ServedBuild
 */

const benchFolder = join(root, 'packages', 'bench')
/** Of a model in a result file. */
const longestName = 200
const pocketFile = join(root, 'packages', 'pocket', 'pocket.gguf')

/** @param {string} path relative to where the command was typed */
const typedPath = (path) => resolve(process.env['INIT_CWD'] ?? process.cwd(), path)

/**
 * @param {BenchOptions} options
 * @param {(line: string) => void} say
 * @param {AbortSignal} signal
 * @returns {Promise<number>} exit code
 */
export async function runBench(options, say, signal) {
  /** @type {Bench} */
  const bench = await import(`file://${join(benchFolder, 'dist', 'command', 'command.js')}`)
  const base = options.compare === undefined ? undefined : await readBase(bench, options.compare)
  if (options.browser !== undefined) {
    const path = typedPath(options.browser)
    if (!existsSync(path)) throw new CommandFailure(`--browser ${options.browser}: there is no such file`, 2)
    process.env['SAMPAN_BROWSER'] = path
  }
  requireFolders(options.files)
  const models = await locateModels(options)
  const reference = await referenceFor(bench, options, models)
  /** @type {ServedBuild[]} */
  const builds = []
  /** @type {Awaited<ReturnType<typeof benchBrowsers>> | undefined} */
  let browsers
  const line = runLine(process.stderr)
  try {
    const own = await serveBuild(root)
    builds.push(own)
    const other = options.against === undefined ? undefined : await otherBuild(options.against, say, signal)
    if (other) builds.push(other)
    const needsBrowser = options.engines.some((engine) => engine !== 'sampan-dawn' && engine !== 'openai-compatible')
    if (needsBrowser) {
      browsers = await benchBrowsers({ say, headed: options.headed, url: own.url }, signal)
      if (browsers.software) say('no GPU was found: WebGPU runs on SwiftShader, a program on the CPU, and rows say so')
    }
    if (options.engines.includes('sampan-dawn') && process.platform === 'linux' && !mayHaveGpu())
      Object.assign(process.env, softwareVulkan('swiftshader'))
    const names = buildNames(own, other)
    const sides = sidesOf(options, models, names)
    const host = new bench.CommandHost({
      builds: new Map([
        [names.own, placeOf(own, models, browsers, names.own)],
        ...(other ? [/** @type {const} */ ([names.other, placeOf(other, models, browsers, names.other)])] : []),
      ]),
      ...(process.env['SAMPAN_API_KEY'] ? { apiKey: process.env['SAMPAN_API_KEY'] } : {}),
      ...(options.vocabulary === undefined ? {} : { vocabularySize: options.vocabulary }),
    })
    const name = modelName(options)
    if (!reference) say('no reference is known for this model: rows are unchecked, and not ranked (--reference)')
    const result = await bench.runCommand(
      host,
      {
        suite: suiteOf(bench, options),
        sides,
        mostSamples: options.mostSamples,
        references: new Map(reference ? [[name, reference]] : []),
        harness: { version: own.version, ...(own.commit === undefined ? {} : { commit: own.commit }) },
        ...(options.gpuName === undefined ? {} : { declaredGpu: options.gpuName }),
        ...(options.note === undefined ? {} : { note: options.note }),
        onUnchecked: ({ engine, build }, reason) => {
          line.end()
          say(
            `${engine}${build === undefined ? '' : ` (${build})`}: its answers could not be checked: ${oneLine(reason)}`,
          )
        },
      },
      signal,
      (progress) => line.update(progress),
    )
    line.end()
    await writeFiles(bench, options.files, result)
    process.stdout.write(`${bench.resultToMarkdown(result)}\n`)
    if (signal.aborted) return exitCodeOf(signal)
    const compared = other ? bench.compareResults(result, result) : base && bench.compareResults(base, result)
    if (compared) {
      process.stdout.write(`\n${bench.comparisonText(compared)}`)
      return compared.exitCode
    }
    return result.rows.some(({ status }) => status === 'measured' || status === 'not-available') ? 0 : 2
  } finally {
    line.end()
    browsers?.end()
    await Promise.all(builds.map(({ server }) => server.close()))
  }
}

/**
 * @param {string} flag
 * @param {string} path
 */
function readTyped(flag, path) {
  return readFile(typedPath(path), 'utf8').catch(() => {
    throw new CommandFailure(`--${flag} ${path}: cannot be read`, 2)
  })
}

/**
 * A run is long: what cannot be written in its end is said at its beginning.
 * @param {BenchOptions['files']} files
 */
function requireFolders(files) {
  for (const file of Object.values(files))
    if (!existsSync(dirname(typedPath(file)))) throw new CommandFailure(`${file}: there is no such folder`, 2)
}

/**
 * @param {Bench} bench
 * @param {string} path
 */
async function readBase(bench, path) {
  const text = await readTyped('compare', path)
  try {
    return bench.readResult(text)
  } catch (error) {
    throw new CommandFailure(`--compare ${path}: ${oneLine(error)}`, 2)
  }
}

/**
 * Builds the other checkout by its own command, so that its own tools make it.
 * @param {string} typed
 * @param {(line: string) => void} say
 * @param {AbortSignal} signal
 */
async function otherBuild(typed, say, signal) {
  const folder = typedPath(typed)
  const command = join(folder, 'test', 'tooling', 'commands', 'bench.mjs')
  if (!existsSync(command))
    throw new CommandFailure(`--against ${typed}: is no checkout with \`npm run bench\` in it`, 2)
  say(`building ${typed} …`)
  const { code, output } = await runChild(process.execPath, [command, '--build'], {
    cwd: folder,
    signal,
    env: { INIT_CWD: folder },
  })
  if (code !== 0)
    throw new CommandFailure(
      `--against ${typed}: could not be built: ${oneLine(output.trim().split('\n').at(-1) ?? '')}`,
      2,
    )
  return serveBuild(folder)
}

/**
 * @param {ServedBuild} own
 * @param {ServedBuild | undefined} other
 * @returns {{ own: string | undefined, other: string | undefined }}
 */
function buildNames(own, other) {
  if (!other) return { own: undefined, other: undefined }
  const short = (/** @type {ServedBuild} */ { commit, changed, version }) =>
    `${(commit ?? version).slice(0, 10)}${changed ? '+changes' : ''}`
  return short(own) === short(other)
    ? { own: `this ${short(own)}`, other: `other ${short(other)}` }
    : { own: short(own), other: short(other) }
}

/**
 * @typedef {object} LocatedModel
 * @property {string} source as it was typed
 * @property {string} [path] of a file on this machine
 * @property {string} [hash]
 */

/**
 * By what was typed.
 * @param {BenchOptions} options
 * @returns {Promise<Map<string, LocatedModel>>}
 */
async function locateModels({ model, models }) {
  const located = new Map()
  for (const source of [model, ...models.values()]) {
    if (source === pocketName) located.set(source, { source, path: pocketFile, hash: await sha256(pocketFile) })
    else if (/^(https?|mlc):/.test(source)) located.set(source, { source })
    else {
      // Says what is wrong with a file or folder, and does nothing else here.
      const { source: same } = modelSource(source, (path) => path)
      if (same === source && !existsSync(typedPath(source))) located.set(source, { source })
      else {
        const path = typedPath(source)
        located.set(source, { source, path, ...(/\.gguf$/i.test(path) ? { hash: await sha256(path) } : {}) })
      }
    }
  }
  return located
}

/**
 * @param {ServedBuild} build
 * @param {ReadonlyMap<string, LocatedModel>} models
 * @param {Awaited<ReturnType<typeof benchBrowsers>> | undefined} browsers
 * @param {string | undefined} name
 * @returns {BuildPlace}
 */
function placeOf({ server, url, version, commit }, models, browsers, name) {
  /** @type {Map<string, import('../../../packages/bench/src/command/command-host.ts').PlacedModel>} */
  const placed = new Map()
  for (const { source, path, hash } of models.values()) {
    if (path === undefined) placed.set(source, { url: sharedParts(source, server.share) })
    else {
      const shared = modelSource(source === pocketName ? path : source, server.share).source
      placed.set(source, { url: shared, path, ...(hash === undefined ? {} : { hash }) })
    }
  }
  const keeps = [...placed.values()].some(({ path }) => path === undefined)
  return {
    version,
    ...(commit === undefined ? {} : { commit }),
    locate: (source) => placed.get(source) ?? { url: source },
    connect: ({ engine }, options) => {
      if (!browsers) throw new CommandFailure('no browser was started', 2)
      // What is downloaded in one cell is there in the next, of the same engine and build alone.
      return browsers.connect(url, keeps ? `${engine}-${name ?? 'this'}` : undefined, options)
    },
  }
}

/**
 * `mlc:id,model,library` may name a folder and a file of this machine.
 * @param {string} source
 * @param {(path: string) => string} share
 */
function sharedParts(source, share) {
  const [id = '', ...parts] = source.split(',')
  if (!id.startsWith('mlc:')) return source
  return [id, ...parts.map((part) => (existsSync(typedPath(part)) ? share(typedPath(part)) : part))].join(',')
}

/** @param {BenchOptions} options */
function modelName({ name, model, server }) {
  if (name !== undefined) return name
  if (model === pocketName && server) return server.model
  const file = basename(model.replace(/[/\\]+$/, '')).replace(/\.gguf$/i, '') || model
  return file.slice(0, longestName)
}

/**
 * The base of comparisons first.
 * @param {BenchOptions} options
 * @param {ReadonlyMap<string, LocatedModel>} models
 * @param {{ own: string | undefined, other: string | undefined }} names
 * @returns {CellSide[]}
 */
function sidesOf(options, models, names) {
  const { engines, model, models: own, bits, server } = options
  const name = modelName(options)
  /** @param {string | undefined} build */
  const of = (build) =>
    engines.map((engine) => {
      const source = engine === 'openai-compatible' && server ? server.model : (own.get(engine) ?? model)
      return {
        engine,
        ...(build === undefined ? {} : { build }),
        model: {
          name,
          source: models.has(source) || engine === 'openai-compatible' ? source : model,
          ...(bits === undefined ? {} : { bits }),
          ...(engine === 'openai-compatible' && server ? { baseUrl: server.url } : {}),
        },
      }
    })
  return names.other === undefined ? of(names.own) : [...of(names.other), ...of(names.own)]
}

/**
 * @param {Bench} bench
 * @param {BenchOptions} options
 */
function suiteOf(bench, { suite: chosen, samples, seconds }) {
  if (typeof chosen === 'string') {
    const made = bench.suite(chosen)
    const minimum = {
      samples: samples ?? made.minimum.samples,
      ms: seconds === undefined ? made.minimum.ms : 1000 * seconds,
    }
    return { ...made, minimum }
  }
  const tests = chosen.flatMap(({ test: name, depth }) => {
    const test = bench.readTestName(name)
    return test ? [{ test, depth }] : []
  })
  return bench.customSuite(tests, { samples: samples ?? 10, ms: 1000 * (seconds ?? 0) })
}

/**
 * What was named, else one of this package's that is of the same file.
 * @param {Bench} bench
 * @param {BenchOptions} options
 * @param {ReadonlyMap<string, LocatedModel>} models
 * @returns {Promise<Reference | undefined>}
 */
async function referenceFor(bench, { reference, model }, models) {
  if (reference !== undefined)
    return bench.readReference(await readTyped('reference', reference), basename(reference)).reference
  const hash = models.get(model)?.hash
  if (hash === undefined) return undefined
  const folder = join(benchFolder, 'references')
  for (const name of (await readdir(folder)).filter((name) => name.endsWith('.json'))) {
    const stored = bench.readReference(readFileSync(join(folder, name), 'utf8'), name)
    if (stored.sha256 === hash) return stored.reference
  }
  return undefined
}

/**
 * @param {Bench} bench
 * @param {BenchOptions['files']} files
 * @param {BenchResult} result
 */
async function writeFiles(bench, files, result) {
  if (files.json !== undefined) await writeFile(typedPath(files.json), bench.writeResult(result))
  if (files.csv !== undefined) await writeFile(typedPath(files.csv), bench.resultsToCsv([result]))
  if (files.markdown !== undefined) await writeFile(typedPath(files.markdown), `${bench.resultToMarkdown(result)}\n`)
  if (files.html !== undefined) await writeFile(typedPath(files.html), bench.resultToHtml(result))
}
