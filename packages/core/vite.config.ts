import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, defineConfig, type LogLevel, type Plugin } from 'vite'
import { libraryDeclarations } from '../../test/tooling/setup/library-declarations.ts'
import { thirdPartyNotices } from '../../test/tooling/setup/third-party-notices.ts'
import { compiledIn, licenceTexts } from './compiled-in.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Stands for `import.meta.url` until a chunk is written: Vite would replace the addresses, and Rolldown the expression itself. */
const MODULE_URL = '__moduleUrl'

/** Not a word of code but the base of an address: `new URL('./…', import.meta.url)`, which apps' bundlers look for. */
function restoreModuleUrl(): Plugin {
  return {
    name: 'restore-module-url',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = file.code.replaceAll(MODULE_URL, 'import.meta.url')
      }
    },
  }
}

/**
 * The Workers are files of their own, beside `index.js`, and `new Worker(new URL('./….js', import.meta.url))` is left in the
 * output as it is: an app's bundler finds it there, and a plain page does too. Vite would turn it into an asset of this build.
 */
function keepWorkerUrls(): Plugin {
  return {
    name: 'keep-worker-urls',
    enforce: 'pre',
    transform: {
      filter: { id: /spawn-worker\.ts$/ },
      handler: (code) => code.replaceAll('import.meta.url', MODULE_URL).replaceAll(/'\.\/([\w-]+)\.ts'/g, "'./$1.js'"),
    },
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
        return `export default new URL('./${fileName}', ${MODULE_URL}).href`
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

const resolve = { conditions: ['@sampan/source'] }
const output = { target: 'es2022', minify: true, chunkSizeWarningLimit: 8_000 } as const
const checks = { pluginTimings: false }
const notices = thirdPartyNotices(compiledIn, {
  ...licenceTexts,
  'Apache-2.0': readFileSync(here('LICENSE'), 'utf8'),
})

/** Builds each Worker by itself, as one file that imports nothing, into the folder that the library is written to. */
function selfContainedWorkers(): Plugin {
  const folder = here('src/worker')
  const names = readdirSync(folder).filter((name) => /-worker\.ts$/.test(name) && name !== 'spawn-worker.ts')
  let logLevel: LogLevel | undefined
  return {
    name: 'self-contained-workers',
    configResolved(config) {
      logLevel = config.logLevel
    },
    async writeBundle({ dir = here('dist') }) {
      for (const name of names) {
        const fileName = name.replace(/\.ts$/, '.js')
        await build({
          configFile: false,
          root: here('.'),
          resolve,
          ...(logLevel === undefined ? {} : { logLevel }),
          plugins: [emitPrograms(), shortenShaders(), restoreModuleUrl(), notices.collect],
          build: {
            ...output,
            outDir: dir,
            emptyOutDir: false,
            // Nothing is exported, so that the name, which this format asks for, is used nowhere.
            lib: { formats: ['iife'], name: 'worker', fileName: () => fileName, entry: join(folder, name) },
            rolldownOptions: { checks },
          },
        })
      }
      notices.write(dir)
    },
  }
}

export default defineConfig({
  resolve,
  plugins: [
    keepWorkerUrls(),
    restoreModuleUrl(),
    notices.collect,
    selfContainedWorkers(),
    libraryDeclarations(here('.')),
  ],
  build: {
    ...output,
    lib: { formats: ['es'], entry: { index: here('src/index.ts'), 'ai-sdk': here('src/ai-sdk/index.ts') } },
    rolldownOptions: { checks, output: { chunkFileNames: '[name].js' } },
  },
})
