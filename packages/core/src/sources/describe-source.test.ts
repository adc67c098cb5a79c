import { afterEach, describe, expect, it, vi } from 'vitest'
import { hubOf } from '../hub/hubs.ts'
import { describeSource } from './describe-source.ts'

const hub = hubOf('https://hub.test/')

describe('describeSource', () => {
  it.each([
    ['Qwen/Qwen3-0.6B', { kind: 'hub', repository: 'Qwen/Qwen3-0.6B', revision: 'main' }],
    ['a/b@v1.0', { kind: 'hub', repository: 'a/b', revision: 'v1.0' }],
    ['a/b@refs/pr/3', { kind: 'hub', repository: 'a/b', revision: 'refs/pr/3' }],
    ['a/b:c.Q4_0.gguf', { kind: 'hub', repository: 'a/b', revision: 'main', file: 'c.Q4_0.gguf' }],
    ['a/b@r:d/c.gguf', { kind: 'hub', repository: 'a/b', revision: 'r', file: 'd/c.gguf' }],
    [' mlc:Some-Id-MLC ', { kind: 'mlc', id: 'Some-Id-MLC' }],
    ['https://x.test/m.gguf?token=1', { kind: 'url', url: 'https://x.test/m.gguf?token=1' }],
    ['http://x.test/folder', { kind: 'url', url: 'http://x.test/folder' }],
    ['chrome-extension://abcd/m.gguf', { kind: 'url', url: 'chrome-extension://abcd/m.gguf' }],
    ['https://hub.test/a/b', { kind: 'hub', repository: 'a/b', revision: 'main' }],
    ['https://hub.test/a/b/tree/dev', { kind: 'hub', repository: 'a/b', revision: 'dev' }],
    ['https://hub.test/a/b/tree/main/c/d', { kind: 'hub', repository: 'a/b', revision: 'main', file: 'c/d/' }],
    ['a/b/', { kind: 'hub', repository: 'a/b', revision: 'main' }],
    ['a/b:c d/', { kind: 'hub', repository: 'a/b', revision: 'main', file: 'c d/' }],
    ['a/b@r:c/', { kind: 'hub', repository: 'a/b', revision: 'r', file: 'c/' }],
    ['https://hub.test/a/b/blob/main/m.gguf', { kind: 'hub', repository: 'a/b', revision: 'main', file: 'm.gguf' }],
    ['https://hub.test/a/b/resolve/main/m.gguf', { kind: 'hub', repository: 'a/b', revision: 'main', file: 'm.gguf' }],
    ['https://hub.test/a/b/resolve/v1/', { kind: 'hub', repository: 'a/b', revision: 'v1' }],
  ])('understands %s', async (source, description) => {
    expect(await describeSource(source, hub)).toEqual(description)
  })

  it.each([
    [''],
    ['qwen'],
    ['mlc:'],
    ['a/b/c'],
    ['ftp://x/y.gguf'],
    ['a/b:notes.txt'],
    ['a/b:/'],
    ['a/b/:c.gguf'],
    ['a/../'],
    ['C:\\models\\m.gguf'],
  ])('refuses "%s"', async (source) => {
    await expect(describeSource(source, hub)).rejects.toMatchObject({ code: 'source-invalid' })
  })

  it.each<[string, unknown]>([
    ...[undefined, null, 5, true, {}, ['x'], [null], new Map([[1, 2]])].map((value): [string, unknown] => [
      JSON.stringify(value) ?? 'undefined',
      value,
    ]),
    ['a symbol', Symbol('s')],
    ['mlc without anything', { mlc: undefined }],
    ['mlc without an id', { mlc: { id: '', model: 'https://x/', modelLib: 'https://x/l.wasm' } }],
    ['mlc with a bad model', { mlc: { id: 'a', model: 'http://', modelLib: 'https://x/l.wasm' } }],
    ['mlc with a bad library', { mlc: { id: 'a', model: 'https://x/', modelLib: 7 } }],
    ['a path badly encoded', 'https://hub.test/a/%zz'],
    ['an ftp URL', new URL('ftp://x.test/m.gguf')],
    ['something like a handle', { kind: 'file' }],
  ])('refuses %s', async (_, source) => {
    const anything: { readonly source: Parameters<typeof describeSource>[0] } = Object({ source })
    await expect(describeSource(anything.source, hub)).rejects.toMatchObject({ code: 'source-invalid' })
  })

  it.each(['https://hf.co/a/b', 'https://www.huggingface.co/a/b', 'https://huggingface.co/a/b?show=1#files'])(
    'knows Hugging Face in %s',
    async (source) => {
      expect(await describeSource(source, hubOf(undefined))).toEqual({
        kind: 'hub',
        repository: 'a/b',
        revision: 'main',
      })
    },
  )

  it('says where a password belongs, and does not repeat it', async () => {
    const refused: unknown = await describeSource('https://me:secret@x.test/m.gguf', hub).catch(
      (error: unknown) => error,
    )
    expect(refused).toMatchObject({ code: 'source-invalid', message: expect.stringContaining('`headers`') })
    expect(JSON.stringify(refused) + String(refused)).not.toContain('secret')
  })

  it('knows a GGUF file without an ending by its first bytes', async () => {
    const blob = new File(['GGUF\u0003'], 'sha256-6f3a')
    const note = new File(['notes'], 'Modelfile')
    expect(await describeSource(blob, hub)).toMatchObject({ kind: 'blob', name: 'sha256-6f3a' })
    expect(await describeSource([note, blob], hub)).toMatchObject({ kind: 'blob', name: 'sha256-6f3a' })
    expect(await describeSource([note], hub)).toMatchObject({ kind: 'files' })
    // Beside config.json the weights are what it says they are.
    const config = new File(['{}'], 'config.json')
    expect(await describeSource([config, blob], hub)).toMatchObject({ kind: 'files' })
  })

  it.each<[string, Parameters<typeof describeSource>[0]]>([
    ['file', new File([''], 'model.safetensors')],
    ['list', [new File([''], 'model-00001-of-00002.safetensors')]],
    ['URL', 'https://x.test/model.safetensors?download=true'],
    ['page on the hub', 'https://hub.test/a/b/blob/main/model.safetensors'],
  ])('asks for the folder of weights that come alone, as a %s', async (_, source) => {
    await expect(describeSource(source, hub)).rejects.toMatchObject({
      code: 'source-invalid',
      message: expect.stringContaining('name its folder'),
    })
  })

  it('says that a file is gone or barred', async () => {
    const handle = (error: DOMException): { readonly source: FileSystemFileHandle } =>
      Object({ source: { kind: 'file', getFile: () => Promise.reject(error) } })
    const gone = handle(new DOMException('x', 'NotFoundError')).source
    const barred = handle(new DOMException('x', 'NotAllowedError')).source
    await expect(describeSource(gone, hub)).rejects.toMatchObject({ code: 'source-not-found' })
    await expect(describeSource(barred, hub)).rejects.toMatchObject({ code: 'source-forbidden' })
  })

  describe('pocket', () => {
    const mark = Symbol.for('sampan.pocket')
    const weights = new URL('https://app.test/assets/pocket-1a2b.gguf')
    const pocket = { kind: 'url', url: weights.href, name: 'pocket' }
    afterEach(() => {
      Reflect.deleteProperty(globalThis, mark)
      vi.unstubAllGlobals()
    })

    it('is where the app brings it along, by name and by address', async () => {
      Reflect.set(globalThis, mark, weights)
      for (const source of ['pocket', ' pocket ', weights, weights.href])
        expect(await describeSource(source, hub)).toEqual(pocket)
      expect(await describeSource(new URL('https://app.test/other.gguf'), hub)).not.toHaveProperty('name')
    })

    it("is found where a bundler's URL of it has a path for an address, as in Next", async () => {
      class BundledUrl extends URL {
        override get href(): string {
          return weights.pathname
        }
      }
      vi.stubGlobal('location', { href: 'https://app.test/chat/' })
      const bundled = new BundledUrl(weights)
      Reflect.set(globalThis, mark, bundled)
      for (const source of ['pocket', bundled, weights.href]) expect(await describeSource(source, hub)).toEqual(pocket)
    })

    it('tells an app that does not the line to add', async () => {
      const missing = { code: 'pocket-missing', message: expect.stringContaining("import '@sampan/pocket'") }
      await expect(describeSource('pocket', hub)).rejects.toMatchObject(missing)
      Reflect.set(globalThis, mark, 'https://x.test/of-another-kind.gguf')
      await expect(describeSource('pocket', hub)).rejects.toMatchObject(missing)
    })
  })

  it('understands URLs, blobs and files', async () => {
    expect(await describeSource(new URL('https://x.test/m.gguf'), hub)).toMatchObject({ kind: 'url' })
    expect(await describeSource(new Blob(['GGUF']), hub)).toMatchObject({ kind: 'blob', name: 'a Blob' })
    const gguf = new File(['GGUF'], 'm.GGUF')
    const config = new File(['{}'], 'config.json')
    expect(await describeSource(gguf, hub)).toMatchObject({ kind: 'blob', name: 'm.GGUF' })
    expect(await describeSource([config, gguf], hub)).toMatchObject({ kind: 'blob', name: 'm.GGUF' })
    expect(await describeSource([config], hub)).toMatchObject({
      kind: 'files',
      files: [config],
      paths: ['config.json'],
    })
  })

  it('does not guess between several files, nor make something of none', async () => {
    const files = [new File([''], 'a.gguf'), new File([''], 'b.gguf')]
    await expect(describeSource(files, hub)).rejects.toMatchObject({
      code: 'source-ambiguous',
      details: { files: ['a.gguf', 'b.gguf'] },
    })
    await expect(describeSource([], hub)).rejects.toMatchObject({ code: 'source-not-found' })
  })
})
