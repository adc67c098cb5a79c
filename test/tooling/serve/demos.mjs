import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CommandFailure } from '../setup/failure.mjs'
import { root } from '../setup/root.mjs'
import { startServer } from './server.mjs'

/**
 * Every folder that a page may need, by URL prefix.
 * @returns {Record<string, string>}
 */
export function builtFolders() {
  /** @type {Record<string, string>} */
  const folders = { '/terminal/': join(root, 'test', 'tooling', 'terminal', 'page') }
  for (const demo of readdirSync(join(root, 'demos'))) addBuilt(folders, `/${demo}/`, join(root, 'demos', demo))
  for (const name of readdirSync(join(root, 'packages')))
    addBuilt(folders, `/packages/${name}/`, join(root, 'packages', name))
  addBuilt(folders, '/verify/', join(root, 'test', 'verify'))
  return folders
}

/**
 * @param {Record<string, string>} folders
 * @param {string} prefix
 * @param {string} folder
 */
function addBuilt(folders, prefix, folder) {
  const dist = join(folder, 'dist')
  if (existsSync(dist)) folders[prefix] = dist
}

/**
 * Serves the demos until the signal is aborted.
 * @param {number} port
 * @param {AbortSignal} signal
 */
export async function serveDemos(port, signal) {
  const server = await startServer({ folders: builtFolders(), home: '/chat/', port }).catch((error) => {
    if (error.code === 'EADDRINUSE') throw new CommandFailure(`port ${port} is in use: choose another with --port`)
    throw error
  })
  process.stdout.write(`\n  Sampan chat: ${server.origin}/chat/\n\n  Ctrl-C ends it.\n`)
  if (!signal.aborted) await once(signal, 'abort')
  await server.close()
}
