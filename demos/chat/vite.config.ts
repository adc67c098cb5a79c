import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, defineConfig, type Plugin } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const output = { target: 'es2022', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 8_000 } as const

/** What few visitors need is kept when it is first used: web-llm, and a program for pages that may use threads. */
const onDemand = /assets\/(web-llm-worker|multi-thread-wllama)/

/** The service worker is told what the build has written, which is known at its end only. */
function keepOwnFiles(): Plugin {
  return {
    name: 'keep-own-files',
    apply: 'build',
    async writeBundle({ dir = here('dist') }) {
      const files = readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) =>
          join(parentPath, name)
            .slice(dir.length + 1)
            .replaceAll('\\', '/'),
        )
        .sort()
      const version = createHash('sha256')
      for (const file of files) version.update(`${file}\n`).update(readFileSync(join(dir, file)))
      const kept = files.filter((file) => file !== 'index.html' && !onDemand.test(file))
      await build({
        configFile: false,
        root: here('.'),
        publicDir: false,
        logLevel: 'warn',
        define: {
          APP_FILES: JSON.stringify(kept),
          APP_VERSION: JSON.stringify(version.digest('hex').slice(0, 16)),
        },
        build: {
          ...output,
          outDir: dir,
          emptyOutDir: false,
          lib: {
            formats: ['iife'],
            name: 'worker',
            entry: here('src/service-worker.ts'),
            fileName: () => 'service-worker.js',
          },
        },
      })
    },
  }
}

// Built against the packages' dist, as an app outside this repository would be: no flags and no aliases. The one plugin is for offline use.
export default defineConfig({ base: './', plugins: [keepOwnFiles()], build: output })
