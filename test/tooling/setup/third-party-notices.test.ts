import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { afterAll, expect, it } from 'vitest'
import { NOTICES_FILE, thirdPartyNotices } from './third-party-notices.ts'

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sampan-notices-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, content: string): void {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

function addPackage(name: string, license: string | undefined, files: Readonly<Record<string, string>>): void {
  const manifest = { name, version: '1.2.3', license, type: 'module', main: 'index.js' }
  write(`node_modules/${name}/package.json`, JSON.stringify(manifest))
  write(`node_modules/${name}/index.js`, `export const name = '${name}'`)
  for (const [file, content] of Object.entries(files)) write(`node_modules/${name}/${file}`, content)
}

/** The notices of a build that imports these packages. */
async function noticesOf(
  names: readonly string[],
  compiledIn: Parameters<typeof thirdPartyNotices>[0] = {},
): Promise<string> {
  const notices = thirdPartyNotices(compiledIn, { MIT: 'the text of MIT' })
  write('entry.js', names.map((name) => `export * as _${names.indexOf(name)} from '${name}'`).join('\n'))
  await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    plugins: [notices.collect],
    build: { write: false, lib: { entry: join(folder, 'entry.js'), formats: ['es'], fileName: 'out' } },
  })
  notices.write(folder)
  return readFileSync(join(folder, NOTICES_FILE), 'utf8')
}

it('tells the licences of what a build holds, and of what those packages hold, and of nothing else', async () => {
  addPackage('@scope/one', 'Apache-2.0', { LICENSE: 'licence of one', 'NOTICE.txt': 'notice of one' })
  addPackage('two', 'MIT', { 'LICENCE-MIT': 'licence of two' })
  addPackage('unused', 'MIT', { LICENSE: 'licence of unused' })
  const inside = { two: [{ name: 'inner', licence: 'MIT', copyright: 'by somebody' }], unused: [] }
  const text = await noticesOf(['@scope/one', 'two'], inside)
  for (const part of [
    '@scope/one 1.2.3 (Apache-2.0)',
    'licence of one',
    'notice of one',
    'two 1.2.3',
    'licence of two',
  ])
    expect(text).toContain(part)
  for (const part of ['inner, in two (MIT)', 'by somebody', 'the text of MIT']) expect(text).toContain(part)
  expect(text).not.toContain('unused')
})

it.each([
  ['a licence that asks for more', 'GPL-3.0-only', { LICENSE: 'text' }, /GPL-3\.0-only: may it be distributed/],
  ['no licence at all', undefined, { LICENSE: 'text' }, /has no license/],
  ['no text of its licence', 'MIT', { 'README.md': 'MIT' }, /brings no licence file/],
])('ends a build with a package that has %s', async (_, licence, files, message) => {
  addPackage('doubtful', licence, files)
  await expect(noticesOf(['doubtful'])).rejects.toThrow(message)
  rmSync(join(folder, 'node_modules', 'doubtful'), { recursive: true })
})
