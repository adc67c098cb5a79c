import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { libraryDeclarations } from '../../test/tooling/setup/library-declarations.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * The Workers are entries of their own, beside `index.js`, and `new Worker(new URL('./….js', import.meta.url))` is left in the
 * output as it is: an app's bundler finds it there, and a plain page does too. Vite would turn it into an asset of this build.
 */
function keepWorkerUrls(): Plugin {
  return {
    name: 'keep-worker-urls',
    enforce: 'pre',
    transform: {
      filter: { id: /spawn-worker\.ts$/ },
      handler: (code) =>
        code.replaceAll('import.meta.url', '__moduleUrl').replaceAll(/'\.\/([\w-]+)\.ts'/g, "'./$1.js'"),
    },
    renderChunk: (code) => ({ code: code.replaceAll('__moduleUrl', 'import.meta.url'), map: null }),
  }
}

/**
 * Puts the `.wasm` files of other packages beside the scripts and names them by `new URL('./….wasm', import.meta.url)`, which
 * an app's bundler finds; Vite would put them into the script.
 */
function emitPrograms(): Plugin {
  return {
    name: 'emit-programs',
    enforce: 'pre',
    load: {
      filter: { id: /\.wasm\?url$/ },
      handler(id) {
        const file = id.replace(/\?url$/, '')
        const fileName = `${basename(dirname(file))}-${basename(file)}`
        this.emitFile({ type: 'asset', fileName, source: readFileSync(file) })
        return `export default new URL('./${fileName}', __moduleUrl).href`
      },
    },
  }
}

/** Leaves indentation and comments out of shaders, but not the template's directives, which look like comments. */
function shortenShaders(): Plugin {
  return {
    name: 'shorten-shaders',
    enforce: 'pre',
    load: {
      filter: { id: /\.wgsl\?raw$/ },
      handler(id) {
        const lines = readFileSync(id.replace(/\?raw$/, ''), 'utf8').split('\n')
        const kept = lines.map((line) => line.trim()).filter((line) => line !== '' && !/^\/\/(?!!)/.test(line))
        return `export default ${JSON.stringify(kept.join('\n'))}`
      },
    },
  }
}

export default defineConfig({
  resolve: { conditions: ['@sampan/source'] },
  plugins: [keepWorkerUrls(), emitPrograms(), shortenShaders(), libraryDeclarations(here('.'))],
  build: {
    target: 'es2022',
    minify: true,
    chunkSizeWarningLimit: 8_000,
    lib: {
      formats: ['es'],
      entry: {
        index: here('src/index.ts'),
        'ai-sdk': here('src/ai-sdk/index.ts'),
        'sampan-worker': here('src/worker/sampan-worker.ts'),
        'web-llm-worker': here('src/worker/web-llm-worker.ts'),
        'wllama-worker': here('src/worker/wllama-worker.ts'),
      },
    },
    rolldownOptions: { output: { chunkFileNames: '[name].js' } },
  },
})
