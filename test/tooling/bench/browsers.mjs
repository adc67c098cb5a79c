import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browserFlags, findBrowser, mayHaveGpu } from '../setup/browser.mjs'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { pageAdapter } from '../setup/page-adapter.mjs'

/**
 * @typedef {import('../../../packages/bench/src/command/page-connection.ts').PageConnection} PageConnection
 * @typedef {import('../../../packages/bench/src/command/page-connection.ts').ConnectOptions} ConnectOptions
 */

/** A browser that does not end within this is left to itself, in milliseconds. */
const closePatience = 10_000
const pagePatience = 60_000

/**
 * Starts browsers for cells, each with nothing of the others in it but, where it is named, a profile.
 * @param {{ say: (line: string) => void, headed: boolean, url: string, software?: boolean }} options
 *   `url`: a served page, to ask for adapters; `software`: none is asked for, and WebGPU runs on the CPU
 * @param {AbortSignal} signal
 */
export async function benchBrowsers({ say, headed, url, software = !mayHaveGpu() }, signal) {
  const executablePath = await findBrowser(say, signal)
  const { chromium } = await import('playwright')
  const scratch = mkdtempSync(join(tmpdir(), 'sampan-bench-'))
  let count = 0

  /**
   * @param {'gpu' | 'software'} adapter
   * @param {string} profile
   */
  const launch = (adapter, profile) =>
    chromium
      .launchPersistentContext(join(scratch, profile), {
        executablePath,
        headless: !headed,
        args: flags(adapter, headed),
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      })
      .catch((error) => {
        throw new CommandFailure(
          `${executablePath} could not be started: ${oneLine(error).replace(/^browserType\.\w+: /, '')}`,
          2,
        )
      })

  const findAdapter = async () => {
    if (software) return /** @type {const} */ ('software')
    const context = await launch('gpu', `${count++}`)
    try {
      const found = await pageAdapter(context, url).catch(() => 'no-adapter')
      return typeof found === 'object' && !found.software ? /** @type {const} */ ('gpu') : 'software'
    } finally {
      await context.close()
    }
  }
  const adapter = await findAdapter()

  return {
    software: adapter === 'software',
    /**
     * @param {string} pageUrl
     * @param {string | undefined} profile its name: what is downloaded stays until the run ends
     * @param {ConnectOptions} options
     * @returns {Promise<PageConnection>}
     */
    async connect(pageUrl, profile, { signal, onProgress }) {
      signal.throwIfAborted()
      const context = await launch(adapter, profile ?? `${count++}`)
      let closing = false
      const close = async () => {
        closing = true
        let timer
        const late = new Promise((resolve) => {
          timer = setTimeout(resolve, closePatience)
        })
        await Promise.race([context.close().catch(() => undefined), late])
        clearTimeout(timer)
      }
      try {
        const [page = await context.newPage()] = context.pages()
        /** @type {Promise<string>} */
        const lost = new Promise((resolve) => {
          page.once('crash', () => resolve('The page crashed, most likely for want of memory.'))
          context.once('close', () => resolve(closing ? 'The browser was ended.' : 'The browser ended unexpectedly.'))
        })
        await page.exposeFunction('sampanBenchProgress', onProgress)
        await page.goto(pageUrl, { timeout: pagePatience })
        await page.waitForFunction('globalThis.sampanBench', undefined, { timeout: pagePatience })
        return {
          lost,
          close,
          call: (name, argument) =>
            page.evaluate(
              ([name, argument]) => Reflect.get(globalThis, 'sampanBench').call(name, argument),
              /** @type {const} */ ([name, argument]),
            ),
        }
      } catch (error) {
        await close()
        throw error
      }
    },
    end() {
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

/**
 * @param {'gpu' | 'software'} adapter
 * @param {boolean} headed
 */
function flags(adapter, headed) {
  // Elsewhere than on Linux WebGPU is there without, and visitors have not got what it adds.
  const isNeeded = adapter === 'software' || process.platform === 'linux'
  return browserFlags(adapter).filter(
    (flag) => !(headed && flag.startsWith('--headless')) && (isNeeded || flag !== '--enable-unsafe-webgpu'),
  )
}
