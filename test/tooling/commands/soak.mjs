import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../setup/root.mjs'

const help = `Long runs that npm test leaves out, because they need files that are not in the repository.

  npm run soak -- --case MODEL=REFERENCE.json [--case …] [--runtime chromium|node|deno …] [--repeat N]

Verifies real checkpoints against their references, in every runtime named (default: all three), N times over (default 1).
Without --case there is nothing to run, and nothing is claimed.
`

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true, default: [] },
    runtime: { type: 'string', multiple: true, default: ['chromium', 'node', 'deno'] },
    repeat: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help || values.case.length === 0) {
  process.stdout.write(help)
  process.exit(0)
}

const verifyCommand = join(root, 'test', 'tooling', 'commands', 'verify.mjs')
let passed = 0
let failed = 0
for (let round = 0; round < Math.max(1, Number(values.repeat)); round++) {
  for (const pair of values.case) {
    const cut = pair.lastIndexOf('=')
    const [model, reference] = [pair.slice(0, cut), pair.slice(cut + 1)]
    for (const runtime of values.runtime) {
      process.stdout.write(`\n── ${model} in ${runtime}\n`)
      const parameters = [verifyCommand, '--model', model, '--reference', reference, '--runtime', runtime]
      const { status, signal } = spawnSync(process.execPath, parameters, { stdio: 'inherit' })
      if (signal === 'SIGINT' || status === 130) process.exit(130)
      if (status === 0) passed++
      else failed++
    }
  }
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
