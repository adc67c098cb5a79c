import { existsSync } from 'node:fs'
import { whenAborted } from '../terminal/interrupt.mjs'
import { browserAtHand, mayHaveGpu, sandboxFlags } from './browser.mjs'
import { oneLine } from './failure.mjs'
import { pageAdapter } from './page-adapter.mjs'

/**
 * What a visitor with the browser of this machine gets, without any flag.
 * @typedef {{ kind: 'no-browser' }
 *   | { kind: 'not-started', path: string, reason: string }
 *   | { kind: 'no-api' | 'no-adapter', browser: string, gpu: boolean }
 *   | { kind: 'software' | 'hardware', browser: string, adapter: string }} Probe
 *   `gpu`: whether this machine may have one
 */

/**
 * Asks the browser at hand for WebGPU. Installs nothing.
 * @param {string} url a served page, since WebGPU needs a secure context
 * @param {AbortSignal} [signal]
 * @returns {Promise<Probe>}
 */
export async function probeBrowser(url, signal) {
  const { chromium } = await import('playwright')
  const path = browserAtHand() ?? (existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined)
  if (path === undefined) return { kind: 'no-browser' }
  const launching = chromium.launch({
    executablePath: path,
    // As a visitor's browser is: Playwright would turn on a software renderer.
    ignoreDefaultArgs: ['--enable-unsafe-swiftshader'],
    args: ['--headless=new', '--no-first-run', '--disable-background-networking', ...sandboxFlags],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  const aborted = whenAborted(signal)
  try {
    const browser = await Promise.race([launching, aborted])
    return await Promise.race([ask(browser, browserName(path, browser.version()), url), aborted])
  } catch (error) {
    if (signal?.aborted) throw error
    return { kind: 'not-started', path, reason: oneLine(error).replace(/^browserType\.launch: /, '') }
  } finally {
    await launching.then((browser) => browser.close()).catch(() => undefined)
  }
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} name
 * @param {string} url
 * @returns {Promise<Probe>}
 */
async function ask(browser, name, url) {
  const found = await pageAdapter(browser, url)
  if (found === 'no-api' || found === 'no-adapter') return { kind: found, browser: name, gpu: mayHaveGpu() }
  return { kind: found.software ? 'software' : 'hardware', browser: name, adapter: found.name }
}

/**
 * @param {string} path
 * @param {string} version
 */
function browserName(path, version) {
  const maker = /edge/i.test(path) ? 'Edge' : /google/i.test(path) ? 'Chrome' : 'Chromium'
  return `${maker} ${version.split('.', 1)[0]}`
}

/**
 * One or two lines: what a visitor will get, and why there is no WebGPU where there is none.
 * @param {Probe} probe
 * @returns {string[]}
 */
export function explainProbe(probe) {
  const onCpu = 'the page answers on the CPU'
  const advice =
    '`npm start -- --open` opens a browser with the software adapter of WebGPU (slower, but the code that a GPU runs)'
  switch (probe.kind) {
    case 'no-browser':
      return [
        'No Chrome, Chromium or Edge was found here, so WebGPU was not tried: with it the page answers on the GPU, without on the CPU.',
      ]
    case 'not-started':
      return [`${probe.path} could not be started, so WebGPU was not tried: ${probe.reason}`]
    case 'no-api':
      return [`${probe.browser} here has no WebGPU (too old, or turned off): ${onCpu}.`, `Update it; ${advice}.`]
    case 'no-adapter':
      return probe.gpu
        ? [
            `${probe.browser} here gives no WebGPU adapter, though this machine may have a GPU: ${onCpu}.`,
            'chrome://gpu says why; on Linux chrome://flags/#enable-unsafe-webgpu and #enable-vulkan may help.',
          ]
        : [`${probe.browser} here gives no WebGPU adapter (no GPU was found on this machine): ${onCpu}.`, `${advice}.`]
    case 'software':
      return [`${probe.browser} here gives WebGPU by a software adapter only (${probe.adapter}): ${onCpu}.`]
    case 'hardware':
      return [`${probe.browser} here gives WebGPU on ${probe.adapter}: the page answers on the GPU.`]
  }
}
