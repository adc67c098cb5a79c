import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runChild } from '../setup/child.mjs'
import { cacheFolder, root } from '../setup/root.mjs'
import { hasSoftwareVulkan } from '../software-vulkan.mjs'
import { noBrowser, notRun, sum, withExitCode } from './suite.mjs'

/**
 * @typedef {object} Choice
 * @property {readonly string[]} [files] all of the project's where none are named
 * @property {Record<string, string>} [env]
 * @property {string} [shard] as `1/2`: that part of them
 */

/**
 * @param {string} project of vitest.config.ts
 * @param {import('./suite.mjs').Context} context
 * @param {Choice} [choice]
 * @returns {Promise<import('./suite.mjs').Outcome & { readonly files: readonly RunFile[] }>}
 */
export async function runProject(project, { browser, signal }, { files = [], env, shard } = {}) {
  const report = join(
    cacheFolder,
    `vitest-${project}${shard === undefined ? '' : `-${shard.replace('/', '-of-')}`}.json`,
  )
  mkdirSync(cacheFolder, { recursive: true })
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const parameters = ['run', '--config', 'test/tooling/vitest.config.ts', '--project', project, '--no-color', ...files]
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const part = shard === undefined ? [] : [`--shard=${shard}`]
  const { code } = await runChild(process.execPath, [vitest, ...parameters, ...reporters, ...part], {
    cwd: root,
    env: { ...env, SAMPAN_BROWSER: browser },
    echo: 'stdout',
    signal,
  })
  const { files: ran, ...outcome } = readReport(report)
  return { ...withExitCode(outcome, code), files: ran }
}

/**
 * A project whose files run one after the other, in two parts side by side.
 * @param {string} project
 * @param {import('./suite.mjs').Context} context
 */
export async function runInTwo(project, context) {
  const run = (/** @type {number} */ part) => {
    const env = { SAMPAN_VITE_CACHE: join(cacheFolder, `vite-${part}`) }
    return runProject(project, context, { shard: `${part}/2`, env })
  }
  return sum(await Promise.all([run(1), run(2)]))
}

/**
 * @param {string} name a project of vitest.config.ts
 * @param {string} says
 * @param {(browser: string | undefined) => import('./suite.mjs').Outcome | undefined} [whyNot]
 * @param {(project: string, context: import('./suite.mjs').Context) => Promise<import('./suite.mjs').Outcome>} [run]
 * @returns {import('./suite.mjs').Suite}
 */
function vitestSuite(name, says, whyNot, run = runProject) {
  return { name, says, run: async (context) => whyNot?.(context.browser) ?? (await run(name, context)) }
}

/**
 * What one file of tests gave.
 * @typedef {{ path: string, passed: number, failed: number, seconds: number }} RunFile
 */

/**
 * @param {string} file
 * @returns {import('./suite.mjs').Outcome & { readonly files: readonly RunFile[] }}
 */
function readReport(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, files: [] }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  /** @type {readonly RunFile[]} */
  const files = report.testResults.map(
    (/** @type {FileReport} */ { name, status, assertionResults, startTime, endTime }) => {
      const count = (/** @type {string} */ wanted) => assertionResults.filter((test) => test.status === wanted).length
      // A file that cannot even be imported has no tests to count.
      const isBroken = status === 'failed' && assertionResults.length === 0
      const failed = count('failed') + (isBroken ? 1 : 0)
      return { path: relative(root, name), passed: count('passed'), failed, seconds: (endTime - startTime) / 1000 }
    },
  )
  return { ...sum(files), files }
}

/** @typedef {{ name: string, status: string, assertionResults: { status: string }[], startTime: number, endTime: number }} FileReport */

export const unitSuite = vitestSuite('unit', 'everything that needs no GPU (Node)')
export const dawnSuite = vitestSuite('dawn', 'kernels and engine on Tint/Dawn (Node, SwiftShader)', () =>
  process.platform !== 'linux' || hasSoftwareVulkan('swiftshader')
    ? undefined
    : notRun('no SwiftShader beside the browser: install Chromium with your package manager'),
)
export const chromiumSuite = vitestSuite(
  'chromium',
  'kernels in a page (Chromium, SwiftShader)',
  (browser) => (browser === undefined ? noBrowser : undefined),
  // SwiftShader compiles on one thread for all pages of a browser.
  runInTwo,
)
