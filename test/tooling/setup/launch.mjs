import { whenAborted } from '../terminal/interrupt.mjs'
import { browserFlags, findBrowser, mayHaveGpu } from './browser.mjs'
import { CommandFailure, oneLine } from './failure.mjs'
import { pageAdapter } from './page-adapter.mjs'

/**
 * Launches a headless browser on the real GPU where there is one, else on SwiftShader.
 * @param {string} origin a served page, since WebGPU needs a secure context
 * @param {(line: string) => void} say
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ browser: import('playwright').Browser, software: boolean }>}
 */
export async function launchBrowser(origin, say, signal) {
  const executablePath = await findBrowser(say, signal)
  const { chromium } = await import('playwright')
  const aborted = whenAborted(signal)
  /** @param {'gpu' | 'software'} adapter */
  const launch = async (adapter) => {
    signal?.throwIfAborted()
    const launching = chromium.launch({
      executablePath,
      args: browserFlags(adapter),
      // Ctrl-C is ours: the command closes the browser and reports in its own way.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    try {
      return await Promise.race([launching, aborted])
    } catch (error) {
      if (!signal?.aborted) throw new CommandFailure(`${executablePath} could not be started: ${cause(error)}`)
      void launching.then((browser) => browser.close()).catch(() => undefined)
      throw error
    }
  }
  if (mayHaveGpu()) {
    const browser = await launch('gpu')
    try {
      if (await Promise.race([hasHardwareAdapter(browser, origin), aborted])) return { browser, software: false }
    } catch (error) {
      await browser.close()
      throw error
    }
    await browser.close()
  }
  return { browser: await launch('software'), software: true }
}

/**
 * Playwright's reason without its own call's name; the browser's whole log follows it.
 * @param {unknown} error
 */
function cause(error) {
  return oneLine(error).replace(/^browserType\.launch: /, '')
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} origin
 */
async function hasHardwareAdapter(browser, origin) {
  const found = await pageAdapter(browser, origin).catch(() => 'no-adapter')
  return typeof found === 'object' && !found.software
}
