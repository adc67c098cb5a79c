import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright'
import { build, createServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from './test-support/test-page.ts'

// An app outside this repository: the built package as npm would install it, Vite without a configuration, a real page.
const core = fileURLToPath(new URL('..', import.meta.url))
const repository = fileURLToPath(new URL('../../..', import.meta.url))
const app = mkdtempSync(join(realpathSync(tmpdir()), 'sampan-app-'))
const installed = join(app, 'node_modules', '@sampan', 'core')
const hello = 'Hello from a very small boat.'
const shared = { root: app, configFile: false, logLevel: 'error' } as const
const address = { host: '127.0.0.1', port: 0 }

let browser: Browser

beforeAll(async () => {
  mkdirSync(installed, { recursive: true })
  await build({
    root: core,
    configFile: join(core, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: join(installed, 'dist') },
  })
  cpSync(join(core, 'package.json'), join(installed, 'package.json'))
  cpSync(join(repository, 'test', 'fixtures', 'tiny.gguf'), join(app, 'public', 'tiny.gguf'))
  const source = `
    import { load } from '@sampan/core'
    async function run(): Promise<string> {
      const model = await load('/tiny.gguf')
      const messages = [{ role: 'user', content: 'Hello' } as const]
      const answer = await model.chat.completions.create({ messages, temperature: 0 })
      await model.dispose()
      return answer.choices[0]?.message.content ?? ''
    }
    Object.assign(globalThis, { outcome: run() })`
  writeFileSync(join(app, 'main.ts'), source)
  writeFileSync(join(app, 'index.html'), '<!doctype html><script type="module" src="./main.ts"></script>')
  browser = await launchChromium()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  rmSync(app, { recursive: true, force: true })
})

async function outcomeOf(url: string | undefined): Promise<string> {
  const page = await browser.newPage()
  await page.goto(url ?? '')
  await page.waitForFunction("'outcome' in globalThis")
  const outcome = await page.evaluate<string>('globalThis.outcome')
  await page.close()
  return outcome
}

describe('the installed package', () => {
  it("finds its Worker in Vite's dev server, which bundles dependencies beforehand", async () => {
    const server = await createServer({ ...shared, server: { ...address, watch: null } })
    await server.listen()
    try {
      expect(await outcomeOf(server.resolvedUrls?.local[0])).toBe(hello)
    } finally {
      await server.close()
    }
  })

  it('finds its Worker in what Vite builds', async () => {
    await build(shared)
    const server = await preview({ ...shared, preview: address })
    try {
      expect(await outcomeOf(server.resolvedUrls?.local[0])).toBe(hello)
    } finally {
      await server.close()
    }
  })

  it('has declarations that a strict app compiles against, with their libraries checked', () => {
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', '']
    for (const [module, resolution] of [
      ['esnext', 'bundler'],
      ['nodenext', 'nodenext'],
    ] as const) {
      const compile = (): Buffer =>
        execFileSync(
          process.execPath,
          [tsc, ...options, '--module', module, '--moduleResolution', resolution, 'main.ts'],
          { cwd: app },
        )
      expect(compile).not.toThrow()
    }
  })
}, 120_000)
