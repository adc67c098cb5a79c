import { afterEach, expect, it } from 'vitest'
import type { RemoteModel } from '../hub/remote-model.ts'
import { browserNetwork } from '../network/network.ts'
import { serveModels } from '../test-support/serve-models.ts'
import type { TestServer } from '../test-support/test-server.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'
import { openHeaders } from './open-headers.ts'

let server: TestServer | undefined
afterEach(() => server?.close())

const folder = tinyFolder()
const options = { network: browserNetwork, signal: new AbortController().signal }

async function serve(changed: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {}): Promise<string> {
  server = await serveModels(changed)
  return server.url
}

/** The files of a folder, with a size that a hub lists for the weights. */
function modelOf(base: string, listed: (size: number) => number = (size) => size): RemoteModel {
  const files = [...folder].map(([path, { length }]) => ({ path, url: `${base}/${path}`, size: length }))
  const weights = files.filter(({ path }) => path.endsWith('.safetensors'))
  return {
    ...{ name: 'a folder', key: base, format: 'safetensors', about: {} },
    texts: files.filter((file) => !weights.includes(file)),
    weights: weights.map((file) => ({ ...file, size: listed(file.size) })),
  }
}

it('tells what the files of a folder hold', async () => {
  const base = await serve()
  const model = modelOf(`${base}/folder`)
  const { checkpoint, sizes } = await openHeaders(model, options)
  expect(checkpoint).toMatchObject({ format: 'safetensors', config: { architecture: 'qwen3' } })
  expect(checkpoint.tensors.size).toBeGreaterThan(10)
  expect(sizes).toEqual(model.weights.map(({ size }) => size))
})

it('notices weights that are not those of the list, and others that are none', async () => {
  const base = await serve({ pages: { 'model-00001-of-00002.safetensors': '<!doctype html><title>Log in</title>' } })
  await expect(
    openHeaders(
      modelOf(`${base}/folder`, (size) => size + 1),
      options,
    ),
  ).rejects.toMatchObject({
    code: 'source-changed',
  })
  const { weights, ...rest } = modelOf(`${base}/pages`)
  const unsized = weights.map(({ path, url }) => ({ path, url }))
  await expect(openHeaders({ ...rest, weights: unsized }, options)).rejects.toMatchObject({
    code: expect.stringMatching(/^(not-a-model-file|file-)/),
  })
})

it('asks for a folder that has a config', async () => {
  const base = await serve()
  const model = modelOf(`${base}/folder`)
  const texts = model.texts.filter(({ path }) => path !== 'config.json')
  await expect(openHeaders({ ...model, texts }, options)).rejects.toMatchObject({ code: 'source-not-found' })
})

it('stops when it is aborted', async () => {
  const base = await serve()
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(openHeaders(modelOf(`${base}/folder`), { ...options, signal })).rejects.toThrow('enough')
})
