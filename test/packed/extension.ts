import { cpSync } from 'node:fs'
import { type Load, pageOf, pageScript } from './app-script.ts'
import type { Consumer } from './consumer.ts'

/**
 * Writes an unpacked extension of Manifest V3 that holds the packages' files as npm installed them, and a page.
 * @param policy of its pages; the browser's own where there is none
 * @returns its folder
 */
export function writeExtension(app: Consumer, name: string, loads: readonly Load[], policy?: string): string {
  const manifest = {
    manifest_version: 3,
    name,
    version: '1.0',
    ...(policy === undefined ? {} : { content_security_policy: { extension_pages: policy } }),
  }
  app.write(`${name}/manifest.json`, JSON.stringify(manifest))
  app.write(`${name}/page.html`, pageOf('page.js'))
  const imports = { core: './core/dist/index.js', pocket: './pocket/dist/index.js' }
  app.write(`${name}/page.js`, pageScript(loads, imports))
  cpSync(app.path('public'), app.path(name), { recursive: true })
  for (const part of ['core', 'pocket'])
    cpSync(app.path(`node_modules/@sampan/${part}`), app.path(`${name}/${part}`), { recursive: true })
  return app.path(name)
}
