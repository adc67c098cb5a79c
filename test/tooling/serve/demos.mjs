import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { hasDisplay, openWindow } from '../setup/open.mjs'
import { explainProbe, probeBrowser } from '../setup/probe.mjs'
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
  // Beside the package's dist, as it is installed.
  folders['/packages/pocket.gguf'] = join(root, 'packages', 'pocket', 'pocket.gguf')
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
 * Serves the demos until the signal is aborted, and says what a visitor will get.
 * @param {{ port: number, open: boolean }} options `open`: show the page in a browser
 * @param {AbortSignal} signal
 */
export async function serveDemos({ port, open }, signal) {
  const server = await startServer({ folders: builtFolders(), home: '/chat/', port }).catch((error) => {
    if (error.code === 'EADDRINUSE') throw new CommandFailure(`port ${port} is in use: choose another with --port`)
    throw error
  })
  const url = `${server.origin}/chat/`
  process.stdout.write(`\n  Sampan chat: ${url}\n  Sampan bench: ${server.origin}/bench/\n\n  Ctrl-C ends it.\n`)
  try {
    await (open ? show(url, signal) : tellWhatVisitorsGet(`${server.origin}/terminal/`, signal))
    if (!signal.aborted) await once(signal, 'abort')
  } finally {
    await server.close()
  }
}

/** @param {string} line */
const say = (line) => process.stdout.write(`  ${line}\n`)

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function tellWhatVisitorsGet(url, signal) {
  // A page that is served all the same is worth more than the reason why it could not be tried.
  const lines = await probeBrowser(url, signal).then(explainProbe, (error) => [oneLine(error)])
  if (!signal.aborted) process.stdout.write(`\n  ${lines.join('\n  ')}\n`)
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function show(url, signal) {
  if (!hasDisplay()) {
    say('--open: there is no display here (DISPLAY and WAYLAND_DISPLAY are empty), so no window can be shown.')
    say('`npm start -- --prompt "…"` answers in this terminal.')
    return
  }
  try {
    const { ended } = await openWindow(url, say, signal)
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), ended])
    if (signal.aborted) await ended
  } catch (error) {
    if (!signal.aborted) say(`--open: ${oneLine(error)}`)
  }
}
