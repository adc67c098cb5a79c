import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  expectedOf,
  type Load,
  pageOf,
  pageScript,
  pocketByAddress,
  pocketOnCpu,
  pocketOnGpu,
  tinyOnGpu,
  unknownToWebLlm,
} from './app-script.ts'
import { buildWithVite, developing, previewing } from './build-with-vite.ts'
import { buildWithWebpack } from './build-with-webpack.ts'
import { writeExtension } from './extension.ts'
import { repository } from './pack.ts'
import { cpuPolicy, strictPolicy, violationsPath } from './serve-folder.ts'
import { patience, Setting } from './setting.ts'

const everyWorker = [tinyOnGpu, pocketOnCpu, unknownToWebLlm]
const timeout = patience
const minimize = Boolean(process.env['SAMPAN_SOAK'])

let setting: Setting

beforeAll(async () => {
  setting = await Setting.open()
}, patience)
afterAll(() => setting?.close(), patience)
afterEach(() => {
  expect(setting.browser.strayHosts.splice(0)).toEqual([])
  expect(setting.violations.splice(0)).toEqual([])
})

describe('the tarballs, installed by npm,', { timeout }, () => {
  it('run on the GPU in a plain page that allows its own scripts and Workers and nothing else', async () => {
    const at = (name: string): string => `/node_modules/@sampan/${name}/dist/index.js`
    const loads = [{ ...tinyOnGpu, source: "'/public/tiny.gguf'" }, pocketOnGpu, unknownToWebLlm]
    setting.app.write('plain.js', pageScript(loads, { core: at('core'), pocket: at('pocket') }))
    setting.app.write('index.html', pageOf('/plain.js'))
    expect(await setting.outcomesOf('', strictPolicy)).toEqual(expectedOf(loads))
  })

  it(`run in what webpack builds (${minimize ? 'minimized' : 'minimized with SAMPAN_SOAK=1 only: that takes long'})`, async () => {
    setting.app.write('src/app.js', pageScript(everyWorker))
    await buildWithWebpack(setting.app, 'src/app.js', 'out-webpack', minimize)
    setting.app.write('out-webpack/index.html', pageOf('main.js'))
    expect(await setting.outcomesOf('out-webpack', cpuPolicy)).toEqual(expectedOf(everyWorker))
  })

  it('run in a page of an MV3 extension: on the GPU as it is, on the CPU where its policy allows WebAssembly', async () => {
    const outcomes = async (name: string, loads: readonly Load[], policy?: string): Promise<readonly string[]> => {
      const id = await setting.browser.addExtension(writeExtension(setting.app, name, loads, policy))
      return setting.browser.outcomes(`chrome-extension://${id}/page.html`)
    }
    const onGpu = [tinyOnGpu, pocketOnGpu, unknownToWebLlm]
    expect(await outcomes('extension', onGpu)).toEqual(expectedOf(onGpu))
    const policy = "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'"
    expect(await outcomes('extension-cpu', [pocketOnCpu], policy)).toEqual(expectedOf([pocketOnCpu]))
  })
})

describe('in Vite, the tarballs', { timeout }, () => {
  const missing: Load = { ...pocketOnGpu, outcome: expect.stringMatching(/^pocket-missing /) }
  const without = [tinyOnGpu, missing]

  beforeAll(() => {
    setting.app.write('with.js', pageScript(everyWorker))
    setting.app.write('with.html', pageOf('./with.js'))
    setting.app.write('by-address.js', pageScript([pocketByAddress]))
    setting.app.write('by-address.html', pageOf('./by-address.js'))
    setting.app.write('without.js', pageScript(without).replace(/import '@sampan\/pocket'\n/, ''))
    setting.app.write('without.html', pageOf('./without.js'))
  })

  it('run on its server for development, which bundles dependencies beforehand', async () => {
    // For its own WebSocket.
    const policy = cpuPolicy.replace("connect-src 'self'", "connect-src 'self' ws:")
    await developing(setting.app, policy, async (origin) => {
      expect(await setting.browser.outcomes(`${origin}without.html`)).toEqual(expectedOf(without))
      expect(await setting.browser.outcomes(`${origin}with.html`)).toEqual(expectedOf(everyWorker))
    })
  })

  it('run in what it builds, with no trace of Pocket where nobody asks for it', async () => {
    const files = await buildWithVite(setting.app, 'out-without', ['without.html'])
    expect(files.filter((name) => name.endsWith('.gguf'))).toEqual(['tiny.gguf'])
    for (const name of files.filter((file) => file.endsWith('.js')))
      expect(readFileSync(setting.app.path(`out-without/${name}`), 'utf8')).not.toMatch(/6296832|pocket[\w.-]*\.gguf/)
    await previewing(setting.app, 'out-without', strictPolicy, async (origin) => {
      expect(await setting.browser.outcomes(`${origin}without.html`)).toEqual(expectedOf(without))
    })
  })

  it('bring Pocket along as one file that answers, where the app imports it', async () => {
    const files = await buildWithVite(setting.app, 'out-with', ['with.html', 'by-address.html'])
    const emitted = files.filter((name) => /pocket[\w.-]*\.gguf$/.test(name))
    expect(emitted).toHaveLength(1)
    const own = readFileSync(join(repository, 'packages', 'pocket', 'pocket.gguf'))
    expect(readFileSync(setting.app.path(`out-with/${emitted[0]}`)).equals(own)).toBe(true)
    await previewing(setting.app, 'out-with', cpuPolicy, async (origin) => {
      expect(await setting.browser.outcomes(`${origin}with.html`)).toEqual(expectedOf(everyWorker))
      expect(await setting.browser.outcomes(`${origin}by-address.html`)).toEqual(expectedOf([pocketByAddress]))
    })
  })
})

describe('the watch that all of this is under', { timeout }, () => {
  const write = (folder: string, worker: string): void => {
    setting.app.write(`${folder}/index.html`, pageOf('page.js'))
    const page = "new Worker('worker.js').onmessage = () => { document.body.dataset.outcomes = '[]' }"
    setting.app.write(`${folder}/page.js`, page)
    setting.app.write(`${folder}/worker.js`, worker)
  }

  it('notices what a Worker asks of another origin', async () => {
    write('straying', "fetch('https://stray.invalid/').catch(() => postMessage(0))")
    await setting.outcomesOf('straying', strictPolicy.replace("connect-src 'self'", 'connect-src https:'))
    expect(setting.browser.strayHosts.splice(0)).toEqual(['stray.invalid'])
  })

  it('notices what a policy forbids a Worker', async () => {
    const reported = `async () => {
      while ((await (await fetch('${violationsPath}')).json()).length === 0);
      postMessage(0)
    }`
    write('forbidden', `fetch('https://stray.invalid/').catch(${reported})`)
    await setting.outcomesOf('forbidden', strictPolicy)
    expect(setting.violations.splice(0)).toEqual([expect.stringContaining('stray.invalid')])
  })
})
