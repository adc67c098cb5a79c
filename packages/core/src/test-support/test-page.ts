import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type LaunchOptions, type Page } from 'playwright'
import { build, createServer, defaultClientConditions, type ViteDevServer } from 'vite'

const core = fileURLToPath(new URL('../..', import.meta.url))
const headless = ['--headless=new', '--disable-gpu-watchdog']
/** Playwright's own, for pages that nobody looks at. */
const foreground = [
  '--disable-back-forward-cache',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
]
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
  /** JavaScript that Sampan's Workers run before anything else. */
  readonly workerPrelude?: string
  /** Pages that are hidden are slowed down and those that are left are kept, as browsers do it outside of tests. */
  readonly background?: boolean
  /** Packages that the page imports, as `/@id/<name>`. */
  readonly packages?: readonly string[]
  /** False: the page imports nothing yet. */
  readonly imports?: boolean
  /** With a profile on disk: the others' is like that of a private window, where files are kept in memory and written slowly. */
  readonly profile?: boolean
}

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

export async function openTestPage({
  webgpu = true,
  isolated = false,
  policy,
  flags = [],
  workerPrelude,
  background = false,
  packages = [],
  imports = true,
  profile = false,
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
    optimizeDeps: { include: ['comlink', 'idb-keyval', ...packages], entries: [] },
    plugins: [
      {
        name: 'test-page',
        load: async (id) => {
          const [, name] = /\/worker\/((?:sampan|store|hash)-worker)\.ts\b/.exec(id) ?? []
          return name && `${workerPrelude ?? ''}\n${await workerScript(name)}`
        },
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
  const launch = launchOptions(webgpu, flags, background ? foreground : [])
  const context = profile
    ? await chromium.launchPersistentContext(join(cacheDir, 'profile'), launch)
    : await (await chromium.launch(launch)).newContext()
  const page = await context.newPage()
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}test-page`)
  if (imports) await importCore(page)
  return {
    page,
    crashGpu: async () => {
      const session = await context.browser()?.newBrowserCDPSession()
      // The process that would answer is the one that ends.
      session?.send('Browser.crashGpuProcess').catch(() => {})
    },
    close: async () => {
      await context.close()
      await context.browser()?.close()
      await server.close()
      rmSync(cacheDir, { recursive: true, force: true })
    },
  }
}

/** Makes this package's source the page's `core`. What a visitor would be asked is allowed, unless a test says otherwise. */
export async function importCore(page: Page): Promise<void> {
  // As text: Vitest would rewrite the import of a function.
  await page.evaluate(`import('/src/index.ts').then((core) => {
    const load = (source, options) => core.load(source, { download: 'allow', ...options })
    Object.assign(globalThis, { core: { ...core, load } })
  })`)
}

const scripts = new Map<string, Promise<string>>()

/** A Worker as one script, as in the package: with some hundred each, loads would take many times as long. Bundled once a run. */
function workerScript(name: string): Promise<string> {
  const script = scripts.get(name) ?? keptOrBundled(name)
  scripts.set(name, script)
  return script
}

async function keptOrBundled(name: string): Promise<string> {
  const folder = process.env['SAMPAN_WORKER_CACHE']
  if (folder === undefined) return bundleWorker(name)
  const file = join(folder, `${name}.js`)
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const script = await bundleWorker(name)
  // Others may do the same: a file is there whole or not at all.
  const own = `${file}-${process.pid}`
  writeFileSync(own, script)
  renameSync(own, file)
  return script
}

async function bundleWorker(name: string): Promise<string> {
  const built = await build({
    root: core,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@sampan/source', ...defaultClientConditions] },
    build: { write: false, minify: false, lib: { entry: join(core, `src/worker/${name}.ts`), formats: ['es'] } },
  })
  const [result] = [built].flat()
  const [script, ...others] = result && 'output' in result ? result.output : []
  if (!script || others.length > 0) throw new Error('the Worker is more than one script')
  return script.code
}

/** @param without flags that Playwright would set */
export function launchChromium(
  webgpu = true,
  flags: readonly string[] = [],
  without: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch(launchOptions(webgpu, flags, without))
}

function launchOptions(webgpu: boolean, flags: readonly string[], without: readonly string[]): LaunchOptions {
  const executablePath = process.env['SAMPAN_BROWSER']
  return {
    ...(executablePath ? { executablePath } : {}),
    ignoreDefaultArgs: [...without],
    args: [...headless, ...(webgpu ? softwareGpu : ['--disable-gpu']), ...asRoot, ...flags],
  }
}
