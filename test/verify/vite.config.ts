import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** One module for every runtime (`verify.js`), what the command prints (`report.js`), and a page that runs it in a Worker. */
export default defineConfig({
  base: './',
  resolve: { conditions: ['@sampan/source'] },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 8_000,
    rolldownOptions: {
      preserveEntrySignatures: 'strict',
      input: { index: here('index.html'), verify: here('src/verify.ts'), report: here('src/report.ts') },
      output: { entryFileNames: '[name].js' },
    },
  },
})
