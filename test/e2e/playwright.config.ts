import { defineConfig } from 'playwright/test'
import { browserAtHand, browserFlags } from '../tooling/setup/browser.mjs'

const executablePath = browserAtHand()

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../node_modules/.cache/sampan/e2e',
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  use: {
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: browserFlags('software') },
    locale: 'en-US',
  },
})
