import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

/**
 * A TypeScript module of `src`, with the packages that it imports taken from their source: nothing has to be built before.
 * @param {string} name
 * @returns {Promise<any>} the caller names its type
 */
export async function importSource(name) {
  const resolve = { conditions: ['@sampan/source'] }
  const server = await createServer({
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: false,
    appType: 'custom',
    logLevel: 'warn',
    resolve,
    ssr: { resolve },
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  })
  try {
    return await server.ssrLoadModule(`/src/${name}`)
  } finally {
    await server.close()
  }
}
