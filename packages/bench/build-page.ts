import { fileURLToPath } from 'node:url'
import type { InlineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const resolve = { conditions: ['@sampan/source'] }
const build = { target: 'es2023', chunkSizeWarningLimit: 12_000, emptyOutDir: true } as const

/** The page that the command line drives, with Sampan as this checkout has it and the other engines as their packages are. */
export function pageBuild(outDir: string): InlineConfig {
  return {
    configFile: false,
    root: here('.'),
    base: './',
    logLevel: 'warn',
    resolve,
    worker: { format: 'es' },
    build: { ...build, outDir, modulePreload: { polyfill: false }, rolldownOptions: { input: here('index.html') } },
  }
}

/** Node's side of the command line, in one file. */
export function commandBuild(outDir: string): InlineConfig {
  return {
    configFile: false,
    root: here('.'),
    logLevel: 'warn',
    resolve,
    ssr: { noExternal: true, resolve, external: ['webgpu'] },
    build: {
      ...build,
      outDir,
      ssr: here('src/command/index.ts'),
      rolldownOptions: { output: { entryFileNames: 'command.js' } },
    },
  }
}
