import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { generateText } from 'ai'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scriptedModel } from '../test-support/scripted-model.ts'
import { saying } from '../test-support/scripted-source.ts'

// `@sampan/core/ai-sdk` as an app outside this repository gets it, beside `ai` and its `@ai-sdk/provider`.
const core = fileURLToPath(new URL('../..', import.meta.url))
const app = mkdtempSync(join(realpathSync(tmpdir()), 'sampan-ai-sdk-'))
const installed = join(app, 'node_modules', '@sampan', 'core')
const entry = join(installed, 'dist', 'ai-sdk.js')
/** Bytes, gzip, of the entry alone. */
const MOST_BYTES = 6 * 1024

function link(name: string): void {
  const target = join(app, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(realpathSync(join(core, 'node_modules', name)), target, 'junction')
}

beforeAll(async () => {
  mkdirSync(installed, { recursive: true })
  const outDir = join(installed, 'dist')
  await build({ root: core, configFile: join(core, 'vite.config.ts'), logLevel: 'error', build: { outDir } })
  cpSync(join(core, 'package.json'), join(installed, 'package.json'))
  for (const name of ['ai', '@ai-sdk/provider', 'zod']) link(name)
  writeFileSync(join(app, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(app, 'app.ts'),
    `
    import { load } from '@sampan/core'
    import { createSampan, sampan, type SampanProviderOptions } from '@sampan/core/ai-sdk'
    import { createProviderRegistry, generateText, type LanguageModel } from 'ai'
    const model = await load('pocket')
    export const languageModel: LanguageModel = sampan(model)
    export const registry = createProviderRegistry({ local: createSampan(model) })
    const own = { minP: 0.1, thinking: false } satisfies SampanProviderOptions
    await generateText({ model: createSampan(model)('any'), prompt: 'x', providerOptions: { sampan: own } })
    // @ts-expect-error what is wrong is seen, so nothing here is \`any\` for want of a declaration
    sampan(1)
    // @ts-expect-error
    export const wrong: number = sampan(model)
    `,
  )
}, 120_000)
afterAll(() => rmSync(app, { recursive: true, force: true }))

describe('the built entry', () => {
  it('is small, and holds and imports nothing of other packages', () => {
    const code = readFileSync(entry, 'utf8')
    expect(gzipSync(code).length).toBeLessThan(MOST_BYTES)
    const imports = [...code.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, name = '']) => name)
    expect(imports.length).toBeGreaterThan(0)
    for (const name of imports) expect(name).toMatch(/^\.\//)
    expect(code).not.toContain('vercel.ai')
  })

  it('runs', async () => {
    const built: typeof import('./index.ts') = await import(/* @vite-ignore */ pathToFileURL(entry).href)
    const { model } = scriptedModel(saying('Hello'))
    expect((await generateText({ model: built.sampan(model), prompt: 'x' })).text).toBe('Hello')
  })

  it.each([
    ['esnext', 'bundler'],
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
  ])('has declarations that an app compiles against: module %s, resolution %s', (module, resolution) => {
    const tsc = join(core, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc')
    const lib = 'es2023,dom,dom.iterable,esnext.disposable'
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--lib', lib, '--types', '']
    const args = [tsc, ...options, '--module', module, '--moduleResolution', resolution, 'app.ts']
    expect(() => execFileSync(process.execPath, args, { cwd: app, encoding: 'utf8' })).not.toThrow()
  })
}, 60_000)
