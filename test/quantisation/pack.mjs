// What `loadEngine` makes of a Hugging Face folder, in two files: OUT (planes) and OUT.json (where each tensor's runs lie).
// usage, from the repository root: node test/quantisation/pack.mjs FOLDER BITS OUT
import { openAsBlob } from 'node:fs'
import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const [folder, bits, out] = process.argv.slice(2)
if (folder === undefined || bits === undefined || out === undefined)
  throw new Error('usage: node test/quantisation/pack.mjs FOLDER BITS OUT')
const resolve = { conditions: ['@sampan/source'] }
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  resolve,
  ssr: { resolve },
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
})
const engine = fileURLToPath(new URL('../../packages/engine/src/index.ts', import.meta.url))
const { blobSource, openSafetensors, packCheckpoint } = await server.ssrLoadModule(engine)

const checkpoint = await openSafetensors({
  config: await readFile(join(folder, 'config.json'), 'utf8'),
  weights: [blobSource(await openAsBlob(join(folder, 'model.safetensors')), 'model.safetensors')],
})
const file = await open(out, 'w')
let end = 0
const tensors = await packCheckpoint(checkpoint, {
  bits: bits === 'source' ? 'source' : Number(bits),
  append: async (bytes) => {
    await file.write(bytes, 0, bytes.length, end)
    end += bytes.length
    return end - bytes.length
  },
})
await file.close()
const directory = tensors.map((tensor) => ({ ...tensor, shape: checkpoint.tensors.get(tensor.name).shape }))
await writeFile(`${out}.json`, JSON.stringify(directory))
await server.close()
