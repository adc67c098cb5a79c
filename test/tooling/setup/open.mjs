import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browserFlags, findBrowser, mayHaveGpu } from './browser.mjs'

/** False where it is certain that no window can be shown. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

/**
 * Opens the found browser with a page, until the signal is aborted. It has a profile of its own: a browser that runs already
 * would take the address and leave the flags.
 * @param {string} url
 * @param {(line: string) => void} say
 * @param {AbortSignal} signal
 * @returns {Promise<{ ended: Promise<void> }>} `ended`: after the abort, when nothing of it is left
 */
export async function openWindow(url, say, signal) {
  const path = await findBrowser(say, signal)
  signal.throwIfAborted()
  const adapter = mayHaveGpu() ? 'gpu' : 'software'
  const profile = mkdtempSync(join(tmpdir(), 'sampan-browser-'))
  // Left to itself the page computes on the CPU where the adapter is software.
  const address = adapter === 'software' ? `${url}?compute=webgpu` : url
  const flags = browserFlags(adapter).filter((flag) => !flag.startsWith('--headless'))
  const child = spawn(path, [...flags, '--no-default-browser-check', `--user-data-dir=${profile}`, address], {
    stdio: 'ignore',
  })
  say(
    adapter === 'software'
      ? `opening ${path} with the software adapter of WebGPU (no GPU was found) …`
      : `opening ${path} …`,
  )
  child.on('error', (error) => say(`${path} could not be started: ${error.message}`))
  signal.addEventListener('abort', () => child.kill(), { once: true })
  const leave = () => void child.kill()
  process.once('exit', leave)
  const ended = new Promise((resolve) => child.once('close', () => resolve(undefined))).then(() => {
    process.removeListener('exit', leave)
    // The browser's helpers may still write for a moment.
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })
  return { ended }
}
