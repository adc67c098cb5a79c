import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './longest-first.mjs'
import { browserAtHand, browserFlags } from './setup/browser.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const resolve = { conditions: ['@sampan/source'] }
const testTimeout = 120_000
/** What is waited for comes when it comes on a machine that does other work too. */
const patience = { poll: { timeout: 20_000 } }
const executablePath = browserAtHand()
const cacheDir = process.env['SAMPAN_VITE_CACHE']

export default defineConfig({
  root,
  resolve,
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'unit',
          globalSetup: ['test/tooling/worker-cache.mjs'],
          expect: patience,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // Vitest leaves a core to itself, of two too; a page with a model keeps just one busy.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          include: ['packages/**/*.test.ts', 'demos/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/*.gpu.test.ts', '**/*.browser.test.ts', '**/node_modules/**'],
        },
      },
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'dawn',
          include: ['packages/**/*.gpu.test.ts', 'test/**/*.gpu.test.ts'],
          setupFiles: ['test/tooling/dawn.mjs'],
          pool: 'forks',
          // SwiftShader compiles on one thread: two files at a time use two cores.
          maxWorkers: 2,
          testTimeout,
        },
      },
      {
        resolve,
        // Two runs side by side are not to share one.
        ...(cacheDir === undefined ? {} : { cacheDir }),
        test: {
          name: 'chromium',
          include: ['packages/**/*.gpu.test.ts', '{packages,demos}/**/*.browser.test.ts', 'test/**/*.gpu.test.ts'],
          testTimeout,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { ...(executablePath ? { executablePath } : {}), args: browserFlags('software') },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
