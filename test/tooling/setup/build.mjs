import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runChild } from './child.mjs'
import { CommandFailure } from './failure.mjs'
import { workspaceFolders } from './install.mjs'
import { root } from './root.mjs'
import { contentHash, stampMatches, writeStamp } from './stamp.mjs'

/**
 * @typedef {object} Unit a package or demo that Vite builds: one with a `vite.config.ts`
 * @property {string} name
 * @property {string} folder
 * @property {readonly string[]} inputs folders whose content decides whether it is built again
 */

/**
 * Every unit, dependencies first.
 * @returns {Unit[]}
 */
export function buildUnits() {
  const packages = workspaceFolders().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const needs = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    return { name: String(manifest.name), folder, needs }
  })
  const byName = new Map(packages.map((entry) => [entry.name, entry]))
  /** @type {Map<string, string[]>} name → itself and all workspace packages it needs, dependencies first */
  const closures = new Map()
  /**
   * @param {string} name
   * @returns {string[]}
   */
  const closure = (name) => {
    const known = closures.get(name)
    if (known) return known
    closures.set(name, [])
    const needs = byName.get(name)?.needs.filter((need) => byName.has(need)) ?? []
    const all = [...new Set([...needs.flatMap(closure), name])]
    closures.set(name, all)
    return all
  }
  const order = [...new Set(packages.flatMap((entry) => closure(entry.name)))]
  return order.flatMap((name) => {
    const folder = byName.get(name)?.folder
    if (!folder || !existsSync(join(folder, 'vite.config.ts'))) return []
    return [{ name, folder, inputs: closure(name).flatMap((need) => byName.get(need)?.folder ?? []) }]
  })
}

/**
 * Builds what changed since its last build.
 * @param {(line: string) => void} say
 * @param {{ signal?: AbortSignal, onBuilt?: (unit: Unit, failure: string | undefined) => void, only?: (unit: Unit) => boolean }} [options]
 *   with `onBuilt` a failing unit is reported there and the others still built
 */
export async function build(say, options = {}) {
  const shared = [
    'pnpm-lock.yaml',
    'tsconfig.base.json',
    'package.json',
    'test/tooling/setup/library-declarations.ts',
    'test/tooling/setup/third-party-notices.ts',
  ].map((name) => join(root, name))
  for (const unit of buildUnits().filter(options.only ?? (() => true))) {
    const value = contentHash([...shared, ...unit.inputs])
    const current = existsSync(join(unit.folder, 'dist')) && stampMatches(`build-${unit.name}`, value)
    const failure = current ? undefined : await buildUnit(unit, value, say, options.signal)
    if (options.onBuilt) options.onBuilt(unit, failure)
    else if (failure !== undefined) {
      process.stderr.write(failure)
      throw new CommandFailure(`${unit.name} could not be built: see the lines above`)
    }
  }
}

/**
 * @param {Unit} unit
 * @param {string} value
 * @param {(line: string) => void} say
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string | undefined>} the compiler's output when it failed
 */
async function buildUnit(unit, value, say, signal) {
  say(`building ${relative(root, unit.folder)} …`)
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const { code, output } = await runChild(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: unit.folder,
    env: { NO_COLOR: '1', FORCE_COLOR: undefined },
    ...(signal ? { signal } : {}),
  })
  if (code !== 0) return output
  writeStamp(`build-${unit.name}`, value)
  return undefined
}
