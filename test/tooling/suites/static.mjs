import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from '../setup/build.mjs'
import { runChild } from '../setup/child.mjs'
import { workspaceFolders } from '../setup/install.mjs'
import { root } from '../setup/root.mjs'
import { outcomeOfCode, sum } from './suite.mjs'

/** @type {import('./suite.mjs').Suite} */
export const lintSuite = {
  name: 'lint',
  says: 'format and lint (Biome)',
  async run({ signal }) {
    const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
    const parameters = [biome, 'check', '--error-on-warnings', '--config-path', 'test/tooling/lint.json', '.']
    const { code } = await runChild(process.execPath, parameters, { cwd: root, echo: 'stdout', signal })
    return outcomeOfCode(code)
  },
}

/** @type {import('./suite.mjs').Suite} */
export const typesSuite = {
  name: 'types',
  says: 'type check of every package (TypeScript)',
  async run({ signal }) {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const projects = [...workspaceFolders(), join(root, 'test', 'tooling')]
    const outcomes = []
    for (const folder of new Set(projects.filter((name) => existsSync(join(name, 'tsconfig.json'))))) {
      const { code } = await runChild(process.execPath, [tsc, '-p', folder], { cwd: root, echo: 'stdout', signal })
      process.stdout.write(` ${code === 0 ? '✓' : '×'} ${relative(root, folder)}\n`)
      outcomes.push(outcomeOfCode(code))
    }
    return sum(outcomes)
  },
}

/** @type {import('./suite.mjs').Suite} */
export const buildSuite = {
  name: 'build',
  says: 'what changed is built (Vite)',
  async run({ signal }) {
    /** @type {import('./suite.mjs').Outcome[]} */
    const outcomes = []
    await build((line) => process.stdout.write(` ${line}\n`), {
      signal,
      onBuilt(unit, failure) {
        if (failure !== undefined) process.stdout.write(failure)
        process.stdout.write(` ${failure === undefined ? '✓' : '×'} ${unit.name}\n`)
        outcomes.push(outcomeOfCode(failure === undefined ? 0 : 1))
      },
    })
    return sum(outcomes)
  },
}
