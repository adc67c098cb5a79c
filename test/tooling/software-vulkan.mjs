import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const swiftshaderFolders = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
  '/opt/microsoft/msedge',
]
const lavapipeFiles = ['x86_64.json', 'aarch64.json', 'json'].map((end) => `/usr/share/vulkan/icd.d/lvp_icd.${end}`)

/**
 * Environment variables that make a Vulkan loader find only the named software driver. Chromium's SwiftShader names its
 * library relative to itself, which the loader resolves against the working folder: a copy with an absolute path is written.
 * @param {'swiftshader' | 'lavapipe'} driver
 * @returns {Record<string, string>}
 * @throws where the driver is not installed
 */
export function softwareVulkan(driver) {
  const scratch = mkdtempSync(join(tmpdir(), 'sampan-vulkan-'))
  const runtime = join(scratch, 'runtime')
  mkdirSync(runtime, { mode: 0o700 })
  return {
    VK_ICD_FILENAMES: driver === 'swiftshader' ? swiftshaderFile(scratch) : lavapipeFile(),
    XDG_RUNTIME_DIR: runtime,
  }
}

/** @param {string} scratch */
function swiftshaderFile(scratch) {
  const browser = process.env['SAMPAN_BROWSER']
  const folders = browser ? [dirname(realpathSync(browser)), ...swiftshaderFolders] : swiftshaderFolders
  const folder = folders.find((name) => existsSync(join(name, 'vk_swiftshader_icd.json')))
  if (!folder) throw new Error('SwiftShader not found: install Chromium (apt-get install chromium)')
  const description = JSON.parse(readFileSync(join(folder, 'vk_swiftshader_icd.json'), 'utf8'))
  description.ICD.library_path = join(folder, description.ICD.library_path)
  const file = join(scratch, 'swiftshader.json')
  writeFileSync(file, JSON.stringify(description))
  return file
}

function lavapipeFile() {
  const file = lavapipeFiles.find((name) => existsSync(name))
  if (!file) throw new Error('lavapipe not found: install Mesa (apt-get install mesa-vulkan-drivers)')
  return file
}

/** @param {'swiftshader' | 'lavapipe'} driver */
export function hasSoftwareVulkan(driver) {
  try {
    softwareVulkan(driver)
    return true
  } catch {
    return false
  }
}
