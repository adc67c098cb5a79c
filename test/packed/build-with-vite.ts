import { readdirSync } from 'node:fs'

import { build, createServer, preview } from 'vite'
import type { Consumer } from './consumer.ts'

const address = { host: '127.0.0.1', port: 0 }
/** What an app has that has no configuration. */
const plain = { configFile: false, logLevel: 'error' } as const

/** Builds pages of the app. The names of all files that came of it. */
export async function buildWithVite(
  app: Consumer,
  outDir: string,
  pages: readonly string[],
): Promise<readonly string[]> {
  const input = pages.map((page) => app.path(page))
  await build({ ...plain, root: app.folder, build: { outDir, rolldownOptions: { input } } })
  return readdirSync(app.path(outDir), { recursive: true, encoding: 'utf8' })
}

/** Hands over the origin of Vite's server for development. */
export async function developing(
  app: Consumer,
  policy: string,
  look: (origin: string) => Promise<void>,
): Promise<void> {
  const headers = { 'Content-Security-Policy': policy }
  const server = await createServer({ ...plain, root: app.folder, server: { ...address, watch: null, headers } })
  await server.listen()
  try {
    await look(server.resolvedUrls?.local[0] ?? '')
  } finally {
    await server.close()
  }
}

/** Hands over the origin of Vite's server for what was built. */
export async function previewing(
  app: Consumer,
  outDir: string,
  policy: string,
  look: (origin: string) => Promise<void>,
): Promise<void> {
  const headers = { 'Content-Security-Policy': policy }
  const server = await preview({ ...plain, root: app.folder, build: { outDir }, preview: { ...address, headers } })
  try {
    await look(server.resolvedUrls?.local[0] ?? '')
  } finally {
    await server.close()
  }
}
