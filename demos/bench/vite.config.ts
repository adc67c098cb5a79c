import { cpSync, createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The committed results lie beside the page, each under its own name. */
function committedResults(): Plugin {
  return {
    name: 'committed-results',
    writeBundle({ dir = here('dist') }) {
      cpSync(here('results'), join(dir, 'results'), { recursive: true })
    },
    configureServer({ middlewares }) {
      middlewares.use('/results', (request, response, next) => {
        const name = /^\/([\w.-]+\.json)$/.exec(request.url ?? '')?.[1]
        const file = name && join(here('results'), name)
        if (!file || !existsSync(file)) return next()
        response.setHeader('Content-Type', 'application/json')
        createReadStream(file).pipe(response)
      })
    },
  }
}

// From the sources: the page measures the engine of this checkout, and `@sampan/bench/in-page` is no part of a published package.
export default defineConfig({
  base: './',
  resolve: { conditions: ['@sampan/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  plugins: [committedResults()],
  build: { target: 'es2023', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 12_000 },
})
