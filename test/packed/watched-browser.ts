import { createServer } from 'node:http'
import { type BrowserContext, type ConsoleMessage, chromium } from 'playwright'
import { browserAtHand, browserFlags } from '../tooling/setup/browser.mjs'
import { removeFolder, temporaryFolder } from './pack.ts'

/** What a browser asks its maker for by itself. */
const BROWSERS_OWN = /(^|\.)(google|googleapis|gstatic|gvt1|microsoft|msedge|bing|edge)\.(com|net)$/
/** Milliseconds for a page to have made all its loads. */
const PAGE_TIMEOUT = 120_000

/**
 * A real Chromium that reaches the loopback address only. Whatever else page, Worker or extension ask for goes to a proxy that
 * notes it and refuses.
 */
export class WatchedBrowser {
  readonly context: BrowserContext
  /** Hosts that something other than the browser itself asked for. */
  readonly strayHosts: string[]
  readonly #close: () => Promise<void>

  private constructor(context: BrowserContext, strayHosts: string[], close: () => Promise<void>) {
    this.context = context
    this.strayHosts = strayHosts
    this.#close = close
  }

  static async launch(): Promise<WatchedBrowser> {
    const strayHosts: string[] = []
    const note = (address: string): void => {
      const { hostname } = new URL(address)
      if (!BROWSERS_OWN.test(hostname)) strayHosts.push(hostname)
    }
    const proxy = createServer((request, response) => {
      note(request.url ?? '')
      response.writeHead(502).end()
    })
    proxy.on('connect', (request, socket) => {
      note(`https://${request.url}`)
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const address = proxy.address()
    const profile = temporaryFolder('sampan-profile-')
    const executablePath = browserAtHand()
    const context = await chromium.launchPersistentContext(profile, {
      ...(executablePath ? { executablePath } : {}),
      args: [...browserFlags('software'), '--enable-unsafe-extension-debugging'],
      ignoreDefaultArgs: ['--disable-extensions'],
      proxy: { server: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, bypass: '127.0.0.1' },
    })
    return new WatchedBrowser(context, strayHosts, async () => {
      await context.close()
      proxy.closeAllConnections()
      await new Promise<void>((resolve) => proxy.close(() => resolve()))
      removeFolder(profile)
    })
  }

  /** Installs an unpacked extension. Its id. */
  async addExtension(folder: string): Promise<string> {
    const session = await this.context.browser()?.newBrowserCDPSession()
    if (!session) throw new Error('The browser takes no orders of its own.')
    const { id } = await session.send('Extensions.loadUnpacked', { path: folder })
    await session.detach()
    return id
  }

  /** What a page made with `pageScript` leaves behind. */
  async outcomes(address: string): Promise<readonly string[]> {
    const page = await this.context.newPage()
    const said: string[] = []
    const hear = (message: ConsoleMessage): void => void said.push(message.text())
    page.on('console', hear)
    page.on('worker', (worker) => worker.on('console', hear))
    page.on('pageerror', (error) => said.push(String(error)))
    try {
      await page.goto(address)
      const outcomes = await page
        .locator('body[data-outcomes]')
        .getAttribute('data-outcomes', { timeout: PAGE_TIMEOUT })
      return JSON.parse(outcomes ?? '[]')
    } catch (error) {
      throw new Error([String(error), 'The page said:', ...said].join('\n'), { cause: error })
    } finally {
      await page.close()
    }
  }

  close(): Promise<void> {
    return this.#close()
  }
}
