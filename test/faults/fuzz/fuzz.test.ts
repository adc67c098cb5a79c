import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildFuzzScript, type FuzzScript, runFuzz } from './run-fuzz.ts'
import { openTargets } from './targets/index.ts'

// Every parser of what strangers write, given damaged input. The same seed makes the same cases: a minute's worth; the long
// form, by SAMPAN_SOAK, has a million of them and, by SAMPAN_FUZZ_SEED, others.
const seed = Number(process.env['SAMPAN_FUZZ_SEED'] ?? 6)
const cases = process.env['SAMPAN_SOAK'] ? 1_000_000 : Number(process.env['SAMPAN_FUZZ_CASES'] ?? 180_000)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const targets = await openTargets(root)
const weights = targets.reduce((sum, { weight }) => sum + weight, 0)

let script: FuzzScript
beforeAll(async () => {
  script = await buildFuzzScript()
}, 60_000)
afterAll(() => script?.remove())

it.each(targets)(
  '$name: every damaged one is read or refused with a typed error, soon and in little memory',
  { timeout: 3_600_000 },
  async ({ name, weight, lenient }) => {
    const own = Math.ceil((cases * weight) / weights)
    const { outcomes, failures, slowest, milliseconds } = await runFuzz(script, name, seed, own)
    process.stdout.write(
      `${name}: ${own} cases in ${Math.round(milliseconds)} ms, the slowest (${slowest.index}) in ${Math.round(slowest.milliseconds)} ms: ${outcomes.map(([code, count]) => `${code} ${count}`).join(', ')}\n`,
    )
    expect(failures.map(({ index, error }) => `case ${index} of seed ${seed}: ${error}`)).toEqual([])
    const kinds = new Map(outcomes)
    // The damage is neither without effect nor always fatal.
    expect(kinds.size).toBeGreaterThan(lenient ? 0 : 1)
    expect(kinds.get('read') ?? 0).toBeGreaterThan(own / 100)
  },
)
