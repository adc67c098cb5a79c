import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright'
import { createServer, defaultClientConditions, type ViteDevServer } from 'vite'

const core = fileURLToPath(new URL('../..', import.meta.url))
const headless = ['--headless=new', '--disable-gpu-watchdog']
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** A real page, in a real browser, that has imported this package's source through Vite. */
export interface TestPage {
  readonly page: Page
  /** Ends the browser's GPU process, and with it every device. */
  crashGpu(): Promise<void>
  close(): Promise<void>
}

export interface TestPageOptions {
  readonly webgpu?: boolean
  /** Cross-origin isolated, as measuring memory needs it. */
  readonly isolated?: boolean
  /** The Content-Security-Policy that page and Workers are served with. */
  readonly policy?: string
  readonly flags?: readonly string[]
  /** Packages that the page imports, as `/@id/<name>`. */
  readonly packages?: readonly string[]
}

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

export async function openTestPage({
  webgpu = true,
  isolated = false,
  policy,
  flags = [],
  packages = [],
}: TestPageOptions = {}): Promise<TestPage> {
  const headers: Readonly<Record<string, string>> = {
    ...(isolated ? isolation : {}),
    ...(policy === undefined ? {} : { 'Content-Security-Policy': policy }),
  }
  const cacheDir = mkdtempSync(join(core, 'node_modules', '.vite-test-'))
  const server: ViteDevServer = await createServer({
    root: core,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@sampan/source', ...defaultClientConditions] },
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null, fs: { strict: false }, headers },
    // Other servers of this folder are not to share a cache with this one.
    cacheDir,
    optimizeDeps: { include: ['comlink', ...packages], entries: [] },
    plugins: [
      {
        name: 'test-page',
        configureServer: ({ middlewares }) =>
          void middlewares.use('/test-page', (_, response) => {
            for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
            response.setHeader('Content-Type', 'text/html')
            response.end('<!doctype html><title>test</title>')
          }),
      },
    ],
  })
  await server.listen()
  const browser = await launchChromium(webgpu, flags)
  const page = await browser.newPage()
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}test-page`)
  // As text: Vitest would rewrite the import of a function.
  await page.evaluate("import('/src/index.ts').then((core) => void Object.assign(globalThis, { core }))")
  return {
    page,
    crashGpu: async () => {
      const session = await browser.newBrowserCDPSession()
      // The process that would answer is the one that ends.
      session.send('Browser.crashGpuProcess').catch(() => {})
    },
    close: async () => {
      await browser.close()
      await server.close()
      rmSync(cacheDir, { recursive: true, force: true })
    },
  }
}

export function launchChromium(webgpu = true, flags: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env['SAMPAN_BROWSER']
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...headless, ...(webgpu ? softwareGpu : ['--disable-gpu']), ...asRoot, ...flags],
  })
}
