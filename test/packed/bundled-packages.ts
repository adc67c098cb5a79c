import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './pack.ts'

/** The packages whose code goes into `@sampan/core`: what its own sources, and those of the packages it is made of, import. */
export function bundledPackages(): readonly string[] {
  const names = ['core', 'engine', 'text', 'backends'].flatMap((name) => {
    const folder = join(repository, 'packages', name, 'src')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const sources = files.filter(
      (file) => /\.ts$/.test(file) && !/\.test\.ts$|test-support|\/testing\.ts$|\.reference\.ts$/.test(file),
    )
    const imports = sources.map((file) => importsOf(readFileSync(join(folder, file), 'utf8')))
    // What imports Vitest is there for tests.
    return imports.filter((specifiers) => !specifiers.includes('vitest')).flat()
  })
  return [...new Set(names)].filter((name) => !name.startsWith('@sampan/')).sort()
}

/** Names of packages, without paths inside them; types alone leave nothing in a bundle. */
function importsOf(source: string): readonly string[] {
  const imports = source.matchAll(/^(?:import|export)\s+(?!type\b)[^'"]*?from\s+'((?:@[\w.-]+\/)?[\w-][\w.-]*)[^']*'/gm)
  return [...imports].map(([, name = '']) => name)
}
