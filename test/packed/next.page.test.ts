import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectedOf, pocketByAddress, pocketOnGpu, tinyOnGpu, unknownToWebLlm } from './app-script.ts'
import { buildWithNext, nextPackages, writeNextApp } from './build-with-next.ts'
import { cpuPolicy } from './serve-folder.ts'
import { patience, Setting } from './setting.ts'

const loads = [tinyOnGpu, pocketOnGpu, pocketByAddress, unknownToWebLlm]
const soak = Boolean(process.env['SAMPAN_SOAK'])

let setting: Setting

beforeAll(async () => {
  setting = await Setting.open(nextPackages)
  writeNextApp(setting.app, loads)
}, patience)
afterAll(() => setting?.close(), patience)

it.runIf(soak).each(['turbopack', 'webpack'] as const)(
  'the tarballs run in what Next builds with %s (with SAMPAN_SOAK=1 only: it takes a minute and 375 MB)',
  async (bundler) => {
    await buildWithNext(setting.app, bundler, `out-${bundler}`)
    expect(await setting.outcomesOf(`out-${bundler}`, cpuPolicy)).toEqual(expectedOf(loads))
    expect(setting.browser.strayHosts).toEqual([])
  },
  patience,
)
