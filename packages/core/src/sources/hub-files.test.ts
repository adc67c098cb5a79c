import { afterEach, describe, expect, it } from 'vitest'
import { serveTest, type TestServer } from '../test-support/test-server.ts'
import { chooseHubFile } from './hub-files.ts'

let server: TestServer | undefined
afterEach(() => server?.close())

const source = { kind: 'hub', repository: 'org/name', revision: 'refs/pr/1' } as const
const { signal } = new AbortController()

async function choose(body: unknown, status = 200): Promise<string | undefined> {
  server = await serveTest((_, response) => void response.writeHead(status).end(JSON.stringify(body)))
  return chooseHubFile(server.url, source, signal)
}

const files = (...paths: string[]): unknown => paths.map((path) => ({ type: 'file', path, size: 1 }))

describe('chooseHubFile', () => {
  it('asks the hub for the files of the revision', async () => {
    await choose(files('m.gguf'))
    expect(server?.requests).toEqual(['GET /api/models/org/name/tree/refs%2Fpr%2F1'])
  })

  it('asks nothing when a file is named', async () => {
    expect(await chooseHubFile('http://127.0.0.1:1', { ...source, file: 'x/m.gguf' }, signal)).toBe('x/m.gguf')
  })

  it('prefers safetensors with a config, then the only GGUF, then a usual quantisation', async () => {
    expect(await choose(files('config.json', 'model-00001-of-00002.safetensors', 'm.gguf'))).toBeUndefined()
    await server?.close()
    expect(await choose(files('README.md', 'm.gguf', 'mmproj-m.gguf', 'big-00001-of-00002.gguf'))).toBe('m.gguf')
    await server?.close()
    expect(await choose(files('m.Q2_K.gguf', 'm.q4_k_m.gguf', 'm.Q8_0.gguf'))).toBe('m.q4_k_m.gguf')
  })

  it('fails with names when it cannot choose', async () => {
    await expect(choose(files('a.gguf', 'b.gguf'))).rejects.toMatchObject({
      code: 'source-ambiguous',
      details: { files: ['a.gguf', 'b.gguf'] },
    })
    await server?.close()
    await expect(choose(files('config.json', 'model.onnx'))).rejects.toMatchObject({ code: 'source-not-found' })
    await server?.close()
    await expect(choose({}, 404)).rejects.toMatchObject({ code: 'source-not-found' })
    await server?.close()
    await expect(choose({ error: 'gated' }, 401)).rejects.toMatchObject({ code: 'source-forbidden' })
    await server?.close()
    await expect(choose({ not: 'a list' })).rejects.toMatchObject({ code: 'source-unavailable' })
  })

  it('ignores folders and entries that are no files', async () => {
    expect(
      await choose([
        { type: 'directory', path: 'x.gguf' },
        null,
        7,
        { path: 'y.gguf' },
        ...[{ type: 'file', path: 'm.gguf' }],
      ]),
    ).toBe('m.gguf')
  })
})
