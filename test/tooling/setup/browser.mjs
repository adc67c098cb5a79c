import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { canInstallDebianPackages, installDebianPackages } from './debian.mjs'
import { CommandFailure } from './failure.mjs'

/** Names a browser to use instead of the one that would be found. */
export const browserVariable = 'SAMPAN_BROWSER'

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
]
const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const windowsPrograms = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
]

/**
 * The browser named by the environment, else an installed one.
 * @returns {string | undefined}
 */
export function browserAtHand() {
  return process.env[browserVariable] ?? installedBrowser()
}

/** @returns {string | undefined} */
function installedBrowser() {
  return installedCandidates().find((file) => existsSync(file))
}

/** @returns {string[]} */
function installedCandidates() {
  switch (process.platform) {
    case 'darwin':
      return ['/Applications', join(process.env['HOME'] ?? '/', 'Applications')].flatMap((folder) =>
        macApplications.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
      )
    case 'win32':
      return ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA']
        .flatMap((variable) => process.env[variable] ?? [])
        .flatMap((folder) => windowsPrograms.map((name) => join(folder, name)))
    default:
      return (process.env['PATH'] ?? '')
        .split(delimiter)
        .flatMap((folder) => linuxNames.map((name) => ({ folder, name })))
        .sort((a, b) => linuxNames.indexOf(a.name) - linuxNames.indexOf(b.name))
        .map(({ folder, name }) => join(folder, name))
  }
}

/**
 * A Chromium with WebGPU: the one named by the environment, an installed one, Playwright's own, one installed by apt.
 * @param {(line: string) => void} say
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} path of its executable
 */
export async function findBrowser(say, signal) {
  const named = process.env[browserVariable]
  if (named) {
    if (existsSync(named)) return named
    throw new CommandFailure(`${browserVariable} names ${named}, which does not exist`)
  }
  const installed = installedBrowser()
  if (installed) return installed
  const { chromium } = await import('playwright')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  if (canInstallDebianPackages() && (await installDebianPackages(['chromium'], say, signal))) {
    const fresh = installedBrowser()
    if (fresh) return fresh
  }
  throw new CommandFailure(
    `no Chrome, Chromium or Edge was found: install one, run "npx playwright install chromium", or set ${browserVariable} to its path`,
  )
}

/** Chromium's own sandbox cannot start as root. */
export const sandboxFlags = process.getuid?.() === 0 ? ['--no-sandbox'] : []

const commonFlags = [
  '--headless=new',
  '--enable-unsafe-webgpu',
  '--disable-gpu-watchdog',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...sandboxFlags,
]
const softwareFlags = ['--use-webgpu-adapter=swiftshader']
const linuxGpuFlags = ['--enable-features=Vulkan', '--ignore-gpu-blocklist']

/**
 * Flags that a browser is launched with.
 * @param {'gpu' | 'software'} adapter
 */
export function browserFlags(adapter) {
  if (adapter === 'software') return [...commonFlags, ...softwareFlags]
  return process.platform === 'linux' ? [...commonFlags, ...linuxGpuFlags] : commonFlags
}

/** False only where it is certain that there is no GPU, so that no time is lost on asking the browser. */
export function mayHaveGpu() {
  if (process.platform !== 'linux') return true
  const render = existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'))
  return render || existsSync('/dev/nvidia0') || existsSync('/dev/dxg')
}
