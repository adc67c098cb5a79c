import { defineConfig } from 'playwright/test'
import { browserAtHand, browserFlags } from '../tooling/setup/browser.mjs'

const executablePath = browserAtHand()

export default defineConfig({
  testDir: '.',
  outputDir: '../../node_modules/.cache/sampan/e2e',
  // SwiftShader compiles on one thread: two files at a time use two cores.
  workers: 2,
  projects: [
    { name: 'together', testMatch: '*.spec.ts', testIgnore: 'responsive.spec.ts', teardown: 'alone' },
    // Looks at how long a page is held up, so nothing else may run: after all others, whether they pass or not.
    { name: 'alone', testMatch: 'responsive.spec.ts' },
  ],
  timeout: 180_000,
  expect: { timeout: 60_000 },
  use: {
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: browserFlags('software') },
    locale: 'en-US',
  },
})
