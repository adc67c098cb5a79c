import { browserFlags, findBrowser, mayHaveGpu } from './browser.mjs'

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
  /** @param {'gpu' | 'software'} adapter */
  const launch = (adapter) =>
    chromium.launch({
      executablePath,
      args: browserFlags(adapter),
      // Ctrl-C is ours: the command closes the browser and reports in its own way.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
  if (mayHaveGpu()) {
    const browser = await launch('gpu')
    if (await hasHardwareAdapter(browser, origin)) return { browser, software: false }
    await browser.close()
  }
  signal?.throwIfAborted()
  return { browser: await launch('software'), software: true }
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} origin
 */
async function hasHardwareAdapter(browser, origin) {
  const page = await browser.newPage()
  try {
    await page.goto(origin)
    return await page.evaluate(async () => {
      const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
      const software = /swiftshader|llvmpipe|lavapipe|basic render/i
      return adapter ? !software.test(`${adapter.info.architecture} ${adapter.info.description}`) : false
    })
  } catch {
    return false
  } finally {
    await page.close()
  }
}
