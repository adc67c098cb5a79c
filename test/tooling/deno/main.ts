import { argv } from 'node:process'
import { type Outcome, runRegistered } from './vitest-shim.ts'

// Without an argument: the test files, as JSON. With one: runs that file. Vitest too gives each file modules of its own.
// Left out is what starts processes of Node, which Deno here may not.
const files = import.meta.glob([
  '/packages/**/*.gpu.test.ts',
  '/test/**/*.gpu.test.ts',
  '!/test/tooling/pocket-eval/**',
])
const [, , file] = argv

if (file === undefined) console.log(JSON.stringify(Object.keys(files)))
else await runFile(file)

async function runFile(file: string): Promise<void> {
  let passed = 0
  let failed = 0
  const started = performance.now()
  const report = ({ name, failure }: Outcome): void => {
    if (failure === undefined) {
      passed++
      return
    }
    failed++
    console.log(` × ${file} > ${name}\n${failure}`)
  }
  try {
    await files[file]?.()
    await runRegistered(report)
    if (passed + failed === 0) report({ name: '(file)', failure: 'has no tests' })
  } catch (error) {
    report({ name: '(file)', failure: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
  const time = Math.round(performance.now() - started)
  console.log(` ${failed > 0 ? '×' : '✓'} ${file.replace(/^\//, '')} (${passed + failed} tests) ${time}ms`)
  console.log(JSON.stringify({ passed, failed }))
}
