import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/**
 * Writes a library's declarations beside its build. tsc leaves the `.ts` endings of imports as they are in them, where consumers
 * have `.d.ts` files only.
 * @param folder of the package, with its `tsconfig.declarations.json`
 */
export function libraryDeclarations(folder: string): Plugin {
  return {
    name: 'library-declarations',
    writeBundle({ dir = join(folder, 'dist') }) {
      const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))
      const project = join(folder, 'tsconfig.declarations.json')
      execFileSync(process.execPath, [tsc, '-p', project, '--outDir', dir], { stdio: 'inherit' })
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.d.ts')) continue
        const file = join(dir, name)
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
      }
    },
  }
}
