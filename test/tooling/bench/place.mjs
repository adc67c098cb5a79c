import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '../serve/server.mjs'
import { CommandFailure } from '../setup/failure.mjs'

/** Pages that have threads and a fine clock. */
export const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

/**
 * Serves the bench page of a checkout that is built.
 * @param {string} checkout
 */
export async function serveBuild(checkout) {
  const page = join(checkout, 'packages', 'bench', 'dist', 'page')
  if (!existsSync(join(page, 'index.html'))) throw new CommandFailure(`${checkout} has no bench page that is built`, 2)
  const server = await startServer({ folders: { '/bench/': page }, headers: isolation })
  return { server, url: `${server.origin}/bench/`, ...describeCheckout(checkout) }
}

/**
 * @param {string} checkout
 * @returns {{ version: string, commit?: string, changed: boolean }}
 */
export function describeCheckout(checkout) {
  const manifest = JSON.parse(readFileSync(join(checkout, 'packages', 'core', 'package.json'), 'utf8'))
  const commit = git(checkout, 'rev-parse', 'HEAD')
  const changed = Boolean(git(checkout, 'status', '--porcelain', '--untracked-files=no'))
  return {
    version: String(manifest.version),
    ...(commit && { commit: `${commit}${changed ? '+changes' : ''}` }),
    changed,
  }
}

/**
 * @param {string} folder
 * @param {readonly string[]} parameters
 */
function git(folder, ...parameters) {
  try {
    return execFileSync('git', parameters, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    // An archive of the sources has no history.
    return undefined
  }
}

/**
 * @param {string} path
 * @returns {Promise<string>} lower-case hex
 */
export async function sha256(path) {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
