import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../setup/build.mjs'
import { runChild } from '../setup/child.mjs'
import { cacheFolder, root } from '../setup/root.mjs'
import { noBrowser, withExitCode } from './suite.mjs'

/** @type {import('./suite.mjs').Suite} */
export const e2eSuite = {
  name: 'e2e',
  says: 'the built demo and library in a real browser (Playwright)',
  async run({ browser, signal }) {
    if (browser === undefined) return noBrowser
    // Its tests run side by side, so what they share must be there before.
    await build((line) => process.stdout.write(` ${line}\n`), { signal })
    const report = join(cacheFolder, 'playwright.json')
    mkdirSync(cacheFolder, { recursive: true })
    rmSync(report, { force: true })
    const playwright = join(root, 'node_modules', 'playwright', 'cli.js')
    const parameters = [playwright, 'test', '--config', 'test/e2e/playwright.config.ts', '--reporter=list,json']
    const { code } = await runChild(process.execPath, parameters, {
      cwd: root,
      env: { SAMPAN_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report, NO_COLOR: '1', FORCE_COLOR: undefined },
      echo: 'stdout',
      signal,
    })
    if (!existsSync(report)) return { passed: 0, failed: 1 }
    const { expected, unexpected, flaky } = JSON.parse(readFileSync(report, 'utf8')).stats
    return withExitCode({ passed: expected, failed: unexpected + flaky }, code)
  },
}
