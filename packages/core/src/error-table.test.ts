import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ERROR_TABLE } from './error-table.ts'

const entries = Object.entries(ERROR_TABLE)

describe('the table of errors', () => {
  it('is the one in the README', () => {
    const readme = fileURLToPath(new URL('../README.md', import.meta.url))
    const text = readFileSync(readme, 'utf8')
    const [start, end] = ['<!-- made from error-table.ts -->\n', '<!-- end of errors -->']
    const from = text.indexOf(start) + start.length
    const to = text.indexOf(end, from)
    const table = `\n| \`code\` | cause | remedy |\n| --- | --- | --- |\n${entries
      .map(([code, { cause, remedy }]) => `| \`${code}\` | ${cause} | ${remedy} |\n`)
      .join('')}\n`
    if (process.env['SAMPAN_WRITE_README']) writeFileSync(readme, text.slice(0, from) + table + text.slice(to))
    else expect(text.slice(from, to), 'SAMPAN_WRITE_README=1 and this test write it').toBe(table)
  })

  it('has no code that no test expects', () => {
    const expectations = testFiles().flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(expectsSomething))
    const unexpected = entries.filter(([code]) => !expectations.some((line) => line.includes(`'${code}'`)))
    expect(unexpected.map(([code]) => code)).toEqual([])
  })
})

/** A line that names a code to compare with, and does not make the error itself. */
function expectsSomething(line: string): boolean {
  return !/new \w*Error\(|^import |^\s*(\/\/|\*)/.test(line)
}

function testFiles(): string[] {
  const packages = fileURLToPath(new URL('../..', import.meta.url))
  const here = fileURLToPath(import.meta.url)
  return ['core', 'engine', 'text', 'backends']
    .flatMap((name) => readdirSync(join(packages, name, 'src'), { recursive: true, withFileTypes: true }))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /\.(test|page\.test|gpu\.test)\.ts$/.test(file) && file !== here)
}
