import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright'
import { build, createServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from './test-support/test-page.ts'

// An app outside this repository: packages packed and unpacked as npm does it, Vite without a configuration, a real page.
const repository = fileURLToPath(new URL('../../..', import.meta.url))
const app = mkdtempSync(join(realpathSync(tmpdir()), 'sampan-app-'))
const workshop = mkdtempSync(join(realpathSync(tmpdir()), 'sampan-pack-'))
const hello = 'Hello from a very small boat.'
const shared = { root: app, configFile: false, logLevel: 'error' } as const
const address = { host: '127.0.0.1', port: 0 }

let browser: Browser

/** Builds a package in a copy, packs that with npm and unpacks it where npm would install it. */
async function installPackage(name: string): Promise<void> {
  const source = join(repository, 'packages', name)
  const copy = join(workshop, name)
  const installed = join(app, 'node_modules', '@sampan', name)
  cpSync(source, copy, { recursive: true, filter: (path) => !/node_modules|dist$|src$|\.cache|training\/./.test(path) })
  await build({
    root: source,
    configFile: join(source, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: join(copy, 'dist') },
  })
  const archive = execFileSync('npm', ['pack', '--silent', '--offline', '--ignore-scripts'], {
    cwd: copy,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', archive, '-C', installed, '--strip-components=1'], { cwd: copy })
}

/** A page that loads and asks, and leaves the answer, or the code of what went wrong, in `outcome`. */
function writePage(name: string, source: string, extra = ''): void {
  const script = `
    import { load, SampanError } from '@sampan/core'
    ${extra}
    async function run(): Promise<string> {
      const model = await load(${source})
      const messages = [{ role: 'user', content: 'Hello' } as const]
      const answer = await model.chat.completions.create({ messages, temperature: 0, max_tokens: 24 })
      await model.dispose()
      return \`\${model.info.source}: \${answer.choices[0]?.message.content ?? ''}\`
    }
    const failed = (error: unknown): string => (SampanError.isInstance(error) ? error.code : String(error))
    Object.assign(globalThis, { outcome: run().catch(failed) })`
  writeFileSync(join(app, `${name}.ts`), script)
  writeFileSync(join(app, `${name}.html`), `<!doctype html><script type="module" src="./${name}.ts"></script>`)
}

beforeAll(async () => {
  await installPackage('core')
  await installPackage('pocket')
  mkdirSync(join(app, 'public'))
  cpSync(join(repository, 'test', 'fixtures', 'tiny.gguf'), join(app, 'public', 'tiny.gguf'))
  writePage('index', "'/tiny.gguf'")
  writePage('without', "'pocket'")
  writePage('with', "'pocket'", "import '@sampan/pocket'")
  writePage(
    'by-address',
    'pocket',
    "import { pocket, pocketFacts } from '@sampan/pocket'\n console.log(pocketFacts.bytes)",
  )
  browser = await launchChromium()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  for (const folder of [app, workshop]) rmSync(folder, { recursive: true, force: true })
})

async function outcomeOf(origin: string | undefined, name = 'index'): Promise<string> {
  const page = await browser.newPage()
  await page.goto(`${origin}${name}.html`)
  await page.waitForFunction("'outcome' in globalThis")
  const outcome = await page.evaluate<string>('globalThis.outcome')
  await page.close()
  return outcome
}

/** Builds pages of the app and gives the names of all files that came of it. */
async function buildPages(outDir: string, names: readonly string[]): Promise<string[]> {
  const input = names.map((name) => join(app, `${name}.html`))
  await build({ ...shared, build: { outDir, rolldownOptions: { input } } })
  return readdirSync(join(app, outDir), { recursive: true, encoding: 'utf8' })
}

async function previewing(outDir: string, look: (origin: string | undefined) => Promise<void>): Promise<void> {
  const server = await preview({ ...shared, build: { outDir }, preview: address })
  try {
    await look(server.resolvedUrls?.local[0])
  } finally {
    await server.close()
  }
}

const ofPocket = expect.stringMatching(/^pocket: [\s\S]*\S/)

describe('the installed packages', () => {
  it("find Worker and weights in Vite's dev server, which bundles dependencies beforehand", async () => {
    const server = await createServer({ ...shared, server: { ...address, watch: null } })
    await server.listen()
    try {
      const origin = server.resolvedUrls?.local[0]
      expect(await outcomeOf(origin)).toContain(hello)
      expect(await outcomeOf(origin, 'without')).toBe('pocket-missing')
      expect(await outcomeOf(origin, 'with')).toEqual(ofPocket)
      expect(await outcomeOf(origin, 'by-address')).toEqual(ofPocket)
    } finally {
      await server.close()
    }
  })

  it('find the Worker in what Vite builds, with no trace of Pocket where nobody asks for it', async () => {
    const files = await buildPages('plain', ['index', 'without'])
    expect(files.filter((name) => name.endsWith('.gguf'))).toEqual(['tiny.gguf'])
    const scripts = files
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(join(app, 'plain', name), 'utf8'))
    for (const script of scripts) expect(script).not.toMatch(/6296832|pocket[\w.-]*\.gguf/)
    await previewing('plain', async (origin) => {
      expect(await outcomeOf(origin)).toContain(hello)
      expect(await outcomeOf(origin, 'without')).toBe('pocket-missing')
    })
  })

  it('bring Pocket along as one file that answers, where the app imports it', async () => {
    const files = await buildPages('pocket', ['with', 'by-address'])
    const emitted = files.filter((name) => /pocket[\w.-]*\.gguf$/.test(name))
    expect(emitted).toHaveLength(1)
    const own = readFileSync(join(repository, 'packages', 'pocket', 'pocket.gguf'))
    expect(readFileSync(join(app, 'pocket', emitted[0] ?? '')).equals(own)).toBe(true)
    await previewing('pocket', async (origin) => {
      expect(await outcomeOf(origin, 'with')).toEqual(ofPocket)
      expect(await outcomeOf(origin, 'by-address')).toEqual(ofPocket)
    })
  })

  it('hold what an app needs and nothing of how they were made', () => {
    const installed = readdirSync(join(app, 'node_modules', '@sampan', 'pocket')).sort()
    const readme = installed.filter((name) => name === 'README.md')
    expect(installed).toEqual(['LICENSE', ...readme, 'dist', 'package.json', 'pocket.gguf'])
  })

  it('have declarations that a strict app compiles against, with their libraries checked', () => {
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', '']
    for (const [module, resolution] of [
      ['esnext', 'bundler'],
      ['nodenext', 'nodenext'],
    ] as const) {
      const compile = (): Buffer =>
        execFileSync(
          process.execPath,
          [
            tsc,
            ...options,
            '--module',
            module,
            '--moduleResolution',
            resolution,
            'index.ts',
            'with.ts',
            'by-address.ts',
          ],
          { cwd: app },
        )
      expect(compile).not.toThrow()
    }
  })
}, 180_000)
