import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runChild } from './child.mjs'
import { CommandFailure } from './failure.mjs'
import { root } from './root.mjs'
import { contentHash, stampMatches, writeStamp } from './stamp.mjs'

const pnpm = 'pnpm@12.21.0'
const oldestNode = [20, 19]

/** Throws where this Node is older than what package.json asks for. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [needMajor = 0, needMinor = 0] = oldestNode
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return
  throw new CommandFailure(
    `Node ${process.versions.node} is too old: install Node ${needMajor}.${needMinor} or newer (nodejs.org)`,
  )
}

/** Folders that pnpm-workspace.yaml calls packages. */
export function workspaceFolders() {
  const parents = ['packages', 'demos', 'test'].map((name) => join(root, name)).filter((folder) => existsSync(folder))
  return parents
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .sort()
}

/**
 * Brings node_modules to what the lockfile says. Touches no network when it is there already.
 * @param {(line: string) => void} say
 * @param {AbortSignal} [signal]
 */
export async function install(say, signal) {
  requireNode()
  const manifests = [root, ...workspaceFolders()].map((folder) => join(folder, 'package.json'))
  const inputs = [join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml'), ...manifests]
  const value = `${contentHash(inputs)} ${process.platform} ${process.arch}`
  if (existsSync(join(root, 'node_modules', '.modules.yaml')) && stampMatches('install', value)) return
  say('installing packages (pnpm, from the lockfile) …')
  const { code, output } = await npmExec([pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], signal)
  if (code !== 0) {
    process.stderr.write(output)
    throw new CommandFailure(
      'packages could not be installed: see the lines above, and check the connection to the npm registry',
    )
  }
  writeStamp('install', value)
}

/**
 * `npm exec` by the npm that runs us, so that no shell and no PATH is needed on any system.
 * @param {readonly string[]} command
 * @param {AbortSignal} [signal]
 */
function npmExec(command, signal) {
  const npm = process.env['npm_execpath']
  const options = {
    cwd: root,
    // pnpm asks before it replaces a node_modules made by another manager, unless told that nobody is there.
    env: { CI: '1', npm_config_yes: 'true' },
    ...(signal ? { signal } : {}),
  }
  const parameters = ['exec', '--yes', '--', ...command]
  if (npm && /^npm-cli\.c?js$/.test(basename(npm))) return runChild(process.execPath, [npm, ...parameters], options)
  return runChild('npm', parameters, { ...options, shell: process.platform === 'win32' })
}
