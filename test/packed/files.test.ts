import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOTICES_FILE } from '../tooling/setup/third-party-notices.ts'
import { bundledPackages } from './bundled-packages.ts'
import { Consumer } from './consumer.ts'
import { packPackages, published, repository } from './pack.ts'
import { gzipBytes, readScript, readWithImports } from './read-scripts.ts'
import { patience } from './setting.ts'

/** Most bytes, gzip. A change that needs more must be worth it to every visitor of every app. */
const MOST_BYTES = {
  page: 48_000,
  sampanWorker: 147_000,
  storeWorker: 94_000,
  hashWorker: 4_000,
  wllamaWorker: 168_000,
}

let app: Consumer
let dist: string

beforeAll(async () => {
  const tarballs = await packPackages()
  app = await Consumer.install(tarballs)
  tarballs.remove()
  dist = app.path('node_modules/@sampan/core/dist')
}, patience)
afterAll(() => app?.remove(), patience)

const installed = (name: string, file = ''): string => app.path(join('node_modules', '@sampan', name, file))

describe('each tarball', () => {
  it('holds what an app needs and nothing of how it was made', () => {
    expect(readdirSync(installed('core')).sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'loading.md',
      'package.json',
    ])
    const pocket = ['LICENSE', 'README.md', 'dist', 'package.json', 'pocket.gguf']
    expect(readdirSync(installed('pocket')).sort()).toEqual(pocket)
    for (const name of published) {
      const files = readdirSync(installed(name), { recursive: true, encoding: 'utf8' })
      const strange = files.filter((file) => /\.test\.|test-support|(?<!\.d)\.ts$|\.map$|tsconfig/.test(file))
      expect(strange).toEqual([])
    }
  })

  it('has every file that its exports name, and needs no other package', () => {
    for (const name of published) {
      const manifest = JSON.parse(readFileSync(installed(name, 'package.json'), 'utf8'))
      expect(manifest.dependencies ?? {}).toEqual({})
      const targets = Object.values<string | Record<string, string>>(manifest.exports).flatMap((target) =>
        typeof target === 'string'
          ? [target]
          : Object.entries(target).flatMap(([condition, file]) => (condition === '@sampan/source' ? [] : [file])),
      )
      expect(targets.length).toBeGreaterThan(2)
      expect(targets.filter((file) => !existsSync(installed(name, file)))).toEqual([])
    }
  })

  it.each([
    ['esnext', 'bundler'],
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
  ])('has declarations that a strict app compiles against (module %s, resolution %s)', (module, resolution) => {
    app.write(
      'typed.ts',
      `import { load, SampanError } from '@sampan/core'
      import type { Backend } from '@sampan/core/backend'
      import { pocket, pocketFacts } from '@sampan/pocket'
      const model = await load(pocket, { backend: 'auto', onProgress: ({ fraction }) => console.log(fraction.toFixed(2)) })
      const answer = await model.chat.completions.create({ messages: [{ role: 'user', content: 'Hello' }] })
      export const text: string | null | undefined = answer.choices[0]?.message.content
      export const name: Backend['name'] = model.info.backend
      export const bytes: number = pocketFacts.bytes
      export const failed = (error: unknown): string => (SampanError.isInstance(error) ? error.code : String(error))
      // @ts-expect-error what is wrong is seen, so nothing here is \`any\` for want of a declaration
      await load(1)`,
    )
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', '']
    const parameters = [tsc, ...options, '--module', module, '--moduleResolution', resolution, 'typed.ts']
    const compile = (): Buffer => execFileSync(process.execPath, parameters, { cwd: app.folder })
    expect(compile).not.toThrow()
  })

  it('brings the licence of everything that is bundled into it', () => {
    const own = readFileSync(join(repository, 'LICENSE'), 'utf8')
    for (const name of published) expect(readFileSync(installed(name, 'LICENSE'), 'utf8')).toBe(own)
    const notices = readFileSync(join(dist, NOTICES_FILE), 'utf8')
    const titles = [...notices.matchAll(/^-{80}\n(.+)\n-{80}$/gm)].map(([, title = '']) => title)
    const noticed = new Set(titles.map((title) => title.replace(/,? .*/, '')))
    const bundled = bundledPackages()
    expect(bundled).toContain('comlink')
    expect(bundled.filter((name) => !noticed.has(name))).toEqual([])
    expect([...noticed]).toEqual(expect.arrayContaining(['llama.cpp', 'Emscripten', 'XGrammar']))
    expect(notices.match(/Permission is hereby granted|Apache License\s+Version 2\.0/g)?.length).toBeGreaterThan(4)
  })
})

describe('the scripts of core', () => {
  it.each([
    // What things in Cache Storage are called, which no request goes to.
    ['sampan-worker.js', { classic: true, hosts: ['models.sampan.invalid'] }],
    ['store-worker.js', { classic: true, hosts: ['models.sampan.invalid'] }],
    ['hash-worker.js', { classic: true, hosts: [] }],
    [
      'web-llm-worker.js',
      { classic: true, hosts: ['huggingface.co', 'raw.githubusercontent.com', 'webgpureport.org'] },
    ],
    // Addresses in comments of Emscripten's code, and wllama's own hub, which is not used.
    ['wllama-worker.js', { classic: false, hosts: ['github.com', 'huggingface.co', 'models.sampan.invalid'] }],
  ])('%s is a Worker in one file, that names no other origin but those known', async (name, { classic, hosts }) => {
    const script = await readScript(dist, name)
    expect([...script.imports, ...script.lazyImports]).toEqual([])
    expect(script.exports).toEqual([])
    expect(script.namesItsOwnAddress).toBe(!classic)
    // What parses as a script runs as a classic Worker too.
    if (classic) expect(() => new Script(script.code)).not.toThrow()
    else expect(() => new Script(script.code)).toThrow(/import\.meta/)
    expect(script.hosts).toEqual(hosts)
  })

  it.each([['index.js'], ['ai-sdk.js']])('%s imports files beside it only, and no Worker', async (entry) => {
    const scripts = await readWithImports(dist, entry, true)
    const named = scripts.flatMap(({ imports, lazyImports }) => [...imports, ...lazyImports])
    expect(named.filter((name) => !/^\.\/[\w-]+\.js$/.test(name) || name.includes('worker'))).toEqual([])
    // The hubs' addresses, one for `model.fetch` that no request goes to, and examples in errors.
    const hosts = scripts.flatMap((script) => script.hosts)
    expect(
      hosts.filter(
        (host) => !/^(huggingface\.co|modelscope\.cn|[\w.]*sampan\.invalid|localhost|[\w.]*example\.com)$/.test(host),
      ),
    ).toEqual([])
  })

  it('are as small as was promised', async () => {
    const bytes = {
      page: gzipBytes(await readWithImports(dist, 'index.js', false)),
      sampanWorker: gzipBytes([await readScript(dist, 'sampan-worker.js')]),
      storeWorker: gzipBytes([await readScript(dist, 'store-worker.js')]),
      hashWorker: gzipBytes([await readScript(dist, 'hash-worker.js')]),
      wllamaWorker: gzipBytes([await readScript(dist, 'wllama-worker.js')]),
    }
    for (const part of ['page', 'sampanWorker', 'storeWorker', 'hashWorker', 'wllamaWorker'] as const) {
      expect.soft(bytes[part], part).toBeLessThan(MOST_BYTES[part])
      expect.soft(bytes[part], part).toBeGreaterThan(MOST_BYTES[part] / 2)
    }
  })

  it('name what lies beside them: Workers and programs', async () => {
    const scripts = [...(await readWithImports(dist, 'index.js', true)), await readScript(dist, 'wllama-worker.js')]
    const code = scripts.map((script) => script.code).join('\n')
    const named = [...code.matchAll(/new URL\([`'"]\.\/([\w.-]+)[`'"],\s*import\.meta\.url\)/g)]
    const files = named.map(([, file = '']) => file).sort()
    expect(files).toEqual([
      'hash-worker.js',
      'multi-thread-wllama.wasm',
      'sampan-worker.js',
      'single-thread-wllama.wasm',
      'store-worker.js',
      'web-llm-worker.js',
      'wllama-worker.js',
    ])
    expect(files.filter((file) => !existsSync(join(dist, file)))).toEqual([])
  })
})
