import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { libraryDeclarations } from '../../test/tooling/setup/library-declarations.ts'

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

export default defineConfig({
  resolve: { conditions: ['@sampan/source'] },
  plugins: [keepAssetUrl(), libraryDeclarations(here('.'))],
  build: { target: 'es2022', lib: { formats: ['es'], entry: { index: here('src/index.ts') } } },
})
