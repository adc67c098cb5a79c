import { type Outcome, runRegistered } from './vitest-shim.ts'

const files = import.meta.glob(['/packages/**/*.gpu.test.ts', '/test/**/*.gpu.test.ts'])

let passed = 0
let failed = 0

function report(file: string, { name, failure }: Outcome): void {
  if (failure === undefined) {
    passed++
    return
  }
  failed++
  console.log(` × ${file} > ${name}\n${failure}`)
}

for (const [file, importFile] of Object.entries(files)) {
  const [passedBefore, failedBefore, started] = [passed, failed, performance.now()]
  try {
    await importFile()
    await runRegistered((outcome) => report(file, outcome))
  } catch (error) {
    report(file, { name: '(file)', failure: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
  if (passed + failed === passedBefore + failedBefore) report(file, { name: '(file)', failure: 'has no tests' })
  const mark = failed > failedBefore ? '×' : '✓'
  const count = passed + failed - passedBefore - failedBefore
  console.log(` ${mark} ${file.replace(/^\//, '')} (${count} tests) ${Math.round(performance.now() - started)}ms`)
}
console.log(JSON.stringify({ passed, failed }))
