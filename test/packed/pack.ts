import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { runNpm } from './run-npm.ts'

export const repository = fileURLToPath(new URL('../..', import.meta.url))

export const published = ['core', 'pocket'] as const

export interface Tarballs {
  readonly files: readonly string[]
  remove(): void
}

/** Builds every published package, in a copy, and packs that as `npm publish` would. */
export async function packPackages(): Promise<Tarballs> {
  const workshop = temporaryFolder('sampan-pack-')
  const files: string[] = []
  for (const name of published) files.push(await packPackage(name, join(workshop, name)))
  return { files, remove: () => removeFolder(workshop) }
}

async function packPackage(name: string, copy: string): Promise<string> {
  const source = join(repository, 'packages', name)
  cpSync(source, copy, { recursive: true, filter: (path) => !/node_modules|dist$|src$|\.cache|training\/./.test(path) })
  await build({
    root: source,
    configFile: join(source, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: join(copy, 'dist') },
  })
  return join(copy, await runNpm(copy, 'pack'))
}

export function temporaryFolder(prefix: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), prefix))
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
