import { Consumer } from './consumer.ts'
import { packPackages } from './pack.ts'
import { serveFolder } from './serve-folder.ts'
import { WatchedBrowser } from './watched-browser.ts'

/** Milliseconds for what builds, installs or starts something. */
export const patience = 600_000

/** The published packages, packed and installed in an app, and a browser to look at it. */
export class Setting {
  readonly app: Consumer
  readonly browser: WatchedBrowser
  /** What the policies forbade in `outcomesOf`. */
  readonly violations: string[] = []

  private constructor(app: Consumer, browser: WatchedBrowser) {
    this.app = app
    this.browser = browser
  }

  /** @param others packages of the registry, `name@version` */
  static async open(others: readonly string[] = []): Promise<Setting> {
    const tarballs = await packPackages()
    try {
      const app = await Consumer.install(tarballs, others)
      return new Setting(app, await WatchedBrowser.launch())
    } finally {
      tarballs.remove()
    }
  }

  /** What `index.html` of a folder of the app leaves behind, served under a Content-Security-Policy. */
  async outcomesOf(folder: string, policy: string): Promise<readonly string[]> {
    const server = await serveFolder(this.app.path(folder), policy)
    try {
      const outcomes = await this.browser.outcomes(`${server.origin}/index.html`)
      this.violations.push(...server.violations)
      return outcomes
    } finally {
      await server.close()
    }
  }

  async close(): Promise<void> {
    await this.browser.close()
    this.app.remove()
  }
}
