import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * `new URL('../pocket.gguf', import.meta.url)` stays in the output as it is, so that an app's bundler finds the weights; Vite
 * would put all 7 MB into the script.
 */
function keepAssetUrl(): Plugin {
  return {
    name: 'keep-asset-url',
    enforce: 'pre',
    transform: { filter: { id: /index\.ts$/ }, handler: (code) => code.replaceAll('import.meta.url', '__moduleUrl') },
    renderChunk: (code) => ({ code: code.replaceAll('__moduleUrl', 'import.meta.url'), map: null }),
  }
}

/** tsc leaves the `.ts` endings of imports as they are in declarations, where consumers have `.d.ts` files only. */
function declarations(): Plugin {
  return {
    name: 'declarations',
    writeBundle({ dir = here('dist') }) {
      const tsc = here('../../node_modules/typescript/bin/tsc')
      execFileSync(process.execPath, [tsc, '-p', here('tsconfig.declarations.json'), '--outDir', dir], {
        stdio: 'inherit',
      })
      for (const name of readdirSync(dir).filter((file) => file.endsWith('.d.ts'))) {
        const file = join(dir, name)
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
      }
    },
  }
}

export default defineConfig({
  resolve: { conditions: ['@sampan/source'] },
  plugins: [keepAssetUrl(), declarations()],
  build: { target: 'es2022', lib: { formats: ['es'], entry: { index: here('src/index.ts') } } },
})
