import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { browserAtHand, browserFlags } from './setup/browser.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const resolve = { conditions: ['@sampan/source'] }
const testTimeout = 120_000
const executablePath = browserAtHand()

/** GPU tests that read files run in Node and Deno alone: a page has none. */
function nodeOnlyTests(): string[] {
  return readdirSync(join(root, 'packages'), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.gpu.test.ts') && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /from '(?:node:|[^']*golden)/.test(readFileSync(file, 'utf8')))
    .map((file) => relative(root, file))
}

export default defineConfig({
  root,
  resolve,
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'unit',
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
          maxWorkers: 1,
          testTimeout,
        },
      },
      {
        resolve,
        test: {
          name: 'chromium',
          include: ['packages/**/*.gpu.test.ts', 'packages/**/*.browser.test.ts'],
          exclude: ['**/node_modules/**', ...nodeOnlyTests()],
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
