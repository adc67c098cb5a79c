import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveHub, type TestHub, type TestRepository, testCommit, testToken } from '../hub/testing.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'
import { canRun } from './can-run.ts'
import type { CanRunOptions, Verdict } from './can-run-types.ts'

const pocket = readFileSync(new URL('../../../pocket/pocket.gguf', import.meta.url))
const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))
/** As large as those of real models, which is not to be fetched. */
const tokenizer = 'x'.repeat(11_000_000)
const summary = 'A model of nothing in particular, with the shape of one that is.'
const weights = [...tinyFolder()].flatMap(([name, content]) =>
  name.endsWith('.safetensors') ? [{ name, content }] : [],
)
const folder = {
  ...Object.fromEntries(tinyFolder()),
  'tokenizer.json': tokenizer,
  'README.md': `# Model\n\n${summary}`,
}
/** Of one that is smaller: it is not to be read. */
const quantized = new Uint8Array(1000)
const repositories: Readonly<Record<string, TestRepository>> = {
  'org/model': { files: folder, card: { license: 'apache-2.0' } },
  'org/model-GGUF': { files: { 'm.Q4_0.gguf': quantized }, quantizedFrom: 'org/model', card: { license: 'mit' } },
  'org/gated': { files: folder, gated: 'manual', card: { license: 'other' } },
  'org/several': { files: { 'a.Q2_K.gguf': tiny, 'b.Q3_K.gguf': tiny } },
  'org/strange': { files: { ...folder, 'config.json': '{"model_type":"strange"}' } },
  'org/broken': { files: { ...folder, [weights[0]?.name ?? '']: Buffer.from('<html>Please log in</html>') } },
  'org/pocket': { files: { 'pocket.gguf': pocket } },
}
const largeLimits = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 }

let hub: TestHub | undefined
// Once for all: what answers is loaded when it is first asked.
beforeAll(() => canRun('mlc:x'), 60_000)
afterEach(async () => {
  vi.unstubAllGlobals()
  await hub?.close()
})

/** A browser with a GPU; Node's has neither GPU nor storage. */
function stubGpu(limits = largeLimits): void {
  const adapter = { limits, features: new Set(['shader-f16']), info: { vendor: 'made-up' } }
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } })
}

async function ask(source: Parameters<typeof canRun>[0], options: CanRunOptions = {}): Promise<Verdict> {
  hub = await serveHub(repositories)
  return canRun(source, { hub: hub.url, ...options })
}

const codes = ({ reasons }: Verdict): readonly string[] => reasons.map(({ code }) => code)

describe('canRun', () => {
  it('reads a listing, a config and headers, and not a byte more', async () => {
    stubGpu()
    const verdict = await ask('org/model', { alternatives: false })
    const total = Object.entries(folder).reduce(
      (sum, [name, { length }]) => sum + (name === 'README.md' ? 0 : length),
      0,
    )
    expect(verdict).toMatchObject({
      ...{ ok: true, backend: 'sampan', cachedBytes: 0, architecture: 'qwen3', quantization: '4 bits' },
      ...{ revision: testCommit, about: { licence: 'apache-2.0', summary }, alternatives: [] },
    })
    expect(verdict.downloadBytes).toBeGreaterThan(tokenizer.length)
    expect(verdict.downloadBytes).toBeLessThanOrEqual(total)
    expect(verdict.gpuBytes).toBeGreaterThan(0)
    expect(verdict.gpuBytesAtFullContext).toBeGreaterThanOrEqual(verdict.gpuBytes ?? 0)
    expect(codes(verdict)).toEqual(['download-needed', 'storage-not-kept'])

    const requests = hub?.requests ?? []
    const paths = requests.map((request) => request.replace(/^GET \S*\/(?=[^/]*$)/, ''))
    expect(paths.filter((path) => !/^(main|[0-9a-f]{40})(\?|$)/.test(path)).sort()).toEqual(
      [
        ...['README.md', 'config.json', 'model.safetensors.index.json'],
        ...weights.flatMap(({ name, content }) => [
          `${name} bytes=0-7`,
          `${name} bytes=8-${7 + content.readUInt32LE(0)}`,
        ]),
      ].sort(),
    )
  })

  it('asks for nothing twice, be it for the model or for smaller forms of it, nor when it is asked again', async () => {
    stubGpu()
    const verdict = await ask('org/model')
    expect(verdict.alternatives.length).toBe(1)
    const requests = [...(hub?.requests ?? [])]
    expect(new Set(requests).size).toBe(requests.length)
    expect(await canRun('org/model', { hub: hub?.url ?? '', contextLength: 64 })).toMatchObject({ ok: true })
    expect(hub?.requests).toEqual(requests)
    await canRun('org/model', { hub: hub?.url ?? '', token: testToken })
    expect(hub?.requests.length).toBe(2 * requests.length)
    // What went wrong may be mended by now.
    for (let time = 1; time <= 2; time++) {
      const before = hub?.requests.length ?? 0
      expect((await canRun('org/strange', { hub: hub?.url ?? '' })).ok).toBe(false)
      expect(hub?.requests.length).toBeGreaterThan(before + 2)
    }
  })

  it('reads the header of a GGUF file, and offers what is smaller', async () => {
    stubGpu()
    const verdict = await ask('org/pocket')
    expect(verdict).toMatchObject({ ok: true, backend: 'sampan', downloadBytes: pocket.length })
    const asked = (hub?.requests ?? []).flatMap((request) => {
      const [, first, last] = /bytes=(\d+)-(\d+)$/.exec(request) ?? []
      return first === undefined ? [] : [Number(last) + 1 - Number(first)]
    })
    expect(asked.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(1 << 20)

    await hub?.close()
    expect((await ask('org/model')).alternatives).toEqual([
      {
        ...{ source: 'org/model-GGUF:m.Q4_0.gguf', relation: 'same-model', bytes: quantized.length },
        ...{ quantization: 'Q4_0', licence: 'apache-2.0' },
      },
    ])
  })

  it('goes by the limits of the adapter', async () => {
    stubGpu({ maxBufferSize: 1024, maxStorageBufferBindingSize: 1024 })
    const verdict = await ask('org/model')
    expect(verdict.ok).toBe(false)
    expect(verdict.reasons[0]).toMatchObject({ code: 'adapter-limit', details: { limit: 1024 } })
    await hub?.close()
    // llama.cpp has no such limits.
    expect(await ask('org/pocket')).toMatchObject({
      ok: true,
      backend: 'wllama',
      reasons: [{ code: 'adapter-limit' }, {}, {}],
    })
  })

  it('tells what runs without a GPU', async () => {
    expect(await ask('org/pocket')).toMatchObject({ ok: true, backend: 'wllama' })
    await hub?.close()
    const verdict = await ask('org/model')
    expect(codes(verdict)).toContain('no-webgpu')
    expect(verdict).toMatchObject({ ok: false, architecture: 'qwen3' })
    expect(verdict.alternatives[0]?.source).toBe('org/model-GGUF:m.Q4_0.gguf')
  })

  it('asks nobody for a file from disk', async () => {
    stubGpu()
    const verdict = await ask(new File([pocket], 'pocket.gguf'))
    expect(verdict).toMatchObject({ ok: true, backend: 'sampan', downloadBytes: 0, cachedBytes: 0, reasons: [] })
    expect(hub?.requests).toEqual([])
  })

  it.each([
    ['org/gated', 'gated'],
    ['org/none', 'not-found'],
    ['org/model@v9', 'not-found'],
    ['org/several', 'ambiguous'],
    ['org/strange', 'architecture-unknown'],
    ['org/broken', 'file-invalid'],
    [new File(['none'], 'none.gguf'), 'file-invalid'],
  ])('says what is the matter with %s', async (source, code) => {
    stubGpu()
    const verdict = await ask(source)
    expect(verdict.ok).toBe(false)
    expect(verdict.reasons[0]).toMatchObject({ code, severity: 'blocks' })
  })

  it('offers the files that could have been meant, and tells what is known of a gated model', async () => {
    const several = await ask('org/several')
    expect(several.alternatives.map(({ source }) => source)).toEqual([
      'org/several:a.Q2_K.gguf',
      'org/several:b.Q3_K.gguf',
    ])
    await hub?.close()
    const { reasons } = await ask('org/gated')
    expect(JSON.stringify(reasons)).not.toContain(testToken)
    await hub?.close()
    stubGpu()
    expect(await ask('org/gated', { token: testToken })).toMatchObject({ ok: true, about: { licence: 'other' } })
  })

  it('says that there is no connection', async () => {
    vi.stubGlobal('navigator', { onLine: false })
    expect(await canRun('org/model')).toMatchObject({ ok: false, reasons: [{ code: 'offline', severity: 'blocks' }] })
    // This machine itself needs no connection.
    expect(await ask('org/model')).toMatchObject({ architecture: 'qwen3' })
  })

  it('asks through the app', async () => {
    const asked: string[] = []
    const verdict = await ask('org/model', {
      fetch: (url, init) => {
        asked.push(url)
        return fetch(url, init)
      },
      headers: { 'X-App': 'yes' },
    })
    expect(verdict.architecture).toBe('qwen3')
    expect(asked.length).toBe(hub?.requests.length)
  })

  it('throws for what is a mistake in the call, and when it is aborted', async () => {
    await expect(canRun('no source')).rejects.toMatchObject({ code: 'source-invalid' })
    await expect(canRun('pocket')).rejects.toMatchObject({ code: 'pocket-missing' })
    await expect(canRun('mlc:x', { backend: 'sampan' })).rejects.toMatchObject({ code: 'option-invalid' })
    await expect(canRun('a/b', { hub: 'no hub' })).rejects.toMatchObject({ code: 'option-invalid' })
    await expect(canRun({ server: { url: 'https://x.test' } })).rejects.toMatchObject({ code: 'option-invalid' })
    await expect(canRun('a/b', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  it('knows nothing of models in MLC format but that they need a GPU', async () => {
    expect(await canRun('mlc:x')).toMatchObject({ ok: false, reasons: [{ code: 'no-webgpu' }] })
  })
})
