import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { init, parse } from 'es-module-lexer'

/** A built script, as it lies in a package's `dist`. */
export interface Script {
  readonly name: string
  readonly code: string
  /** Specifiers of static imports. */
  readonly imports: readonly string[]
  /** Of dynamic ones; what is computed reads as `computed`. */
  readonly lazyImports: readonly string[]
  readonly exports: readonly string[]
  readonly namesItsOwnAddress: boolean
  /** Of `http:` and `https:` addresses in its text. */
  readonly hosts: readonly string[]
}

export async function readScript(dist: string, name: string): Promise<Script> {
  await init
  const code = readFileSync(join(dist, name), 'utf8')
  const [found, exported] = parse(code)
  const addresses = [...code.matchAll(/https?:\/\/([\w.-]+)/g)]
  return {
    name,
    code,
    imports: found.flatMap(({ d, n }) => (d === -1 && n !== undefined ? [n] : [])),
    lazyImports: found.flatMap(({ d, n }) => (d >= 0 ? [n ?? 'computed'] : [])),
    exports: exported.map(({ n }) => n),
    namesItsOwnAddress: found.some(({ d }) => d === -2),
    hosts: [...new Set(addresses.map(([, host = '']) => host))].sort(),
  }
}

/** The script and all that comes with it; what it imports only when that is needed as well, where `lazy` says so. */
export async function readWithImports(dist: string, entry: string, lazy: boolean): Promise<readonly Script[]> {
  const scripts = new Map<string, Script>()
  const names = [entry]
  for (const name of names) {
    if (scripts.has(name)) continue
    const script = await readScript(dist, name)
    scripts.set(name, script)
    const specifiers = lazy ? [...script.imports, ...script.lazyImports] : script.imports
    names.push(...specifiers.map((specifier) => specifier.replace(/^\.\//, '')))
  }
  return [...scripts.values()]
}

/** Bytes on the way to a visitor, each script compressed by itself. */
export function gzipBytes(scripts: readonly Script[]): number {
  return scripts.reduce((sum, { code }) => sum + gzipSync(code).length, 0)
}
