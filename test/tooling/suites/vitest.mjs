import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from '../setup/child.mjs'
import { cacheFolder, root } from '../setup/root.mjs'
import { hasSoftwareVulkan } from '../software-vulkan.mjs'
import { noBrowser, notRun, withExitCode } from './suite.mjs'

/**
 * @param {string} project of vitest.config.ts
 * @param {import('./suite.mjs').Context} context
 * @param {{ files?: readonly string[], env?: Record<string, string> }} [choice] `files`: all of the project's where none are named
 * @returns {Promise<import('./suite.mjs').Outcome>}
 */
export async function runProject(project, { browser, signal }, { files = [], env } = {}) {
  const report = join(cacheFolder, `vitest-${project}.json`)
  mkdirSync(cacheFolder, { recursive: true })
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const parameters = ['run', '--config', 'test/tooling/vitest.config.ts', '--project', project, '--no-color', ...files]
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await runChild(process.execPath, [vitest, ...parameters, ...reporters], {
    cwd: root,
    env: { ...env, SAMPAN_BROWSER: browser },
    echo: 'stdout',
    signal,
  })
  return withExitCode(readReport(report), code)
}

/**
 * @param {string} name a project of vitest.config.ts
 * @param {string} says
 * @param {(browser: string | undefined) => import('./suite.mjs').Outcome | undefined} [whyNot]
 * @returns {import('./suite.mjs').Suite}
 */
function vitestSuite(name, says, whyNot) {
  return { name, says, run: async (context) => whyNot?.(context.browser) ?? (await runProject(name, context)) }
}

/**
 * @param {string} file
 * @returns {import('./suite.mjs').Outcome}
 */
function readReport(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  // A file that cannot even be imported has no tests to count.
  const brokenFiles = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ result) =>
      result.status === 'failed' && result.assertionResults.length === 0,
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length }
}

export const unitSuite = vitestSuite('unit', 'everything that needs no GPU (Node)')
export const dawnSuite = vitestSuite('dawn', 'kernels and engine on Tint/Dawn (Node, SwiftShader)', () =>
  process.platform !== 'linux' || hasSoftwareVulkan('swiftshader')
    ? undefined
    : notRun('no SwiftShader beside the browser: install Chromium with your package manager'),
)
export const chromiumSuite = vitestSuite('chromium', 'kernels in a page (Chromium, SwiftShader)', (browser) =>
  browser === undefined ? noBrowser : undefined,
)
