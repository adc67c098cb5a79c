import { existsSync } from 'node:fs'
import { runChild } from './child.mjs'

/** True where `apt-get install` can be run without asking anybody: root on Debian or Ubuntu. */
export function canInstallDebianPackages() {
  return (
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    existsSync('/etc/debian_version') &&
    existsSync('/usr/bin/apt-get')
  )
}

/**
 * @param {readonly string[]} names
 * @param {(line: string) => void} say
 * @param {AbortSignal} [signal]
 * @returns {Promise<boolean>} whether apt reported success
 */
export async function installDebianPackages(names, say, signal) {
  say(`installing ${names.join(', ')} with apt (running as root on Debian/Ubuntu) …`)
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, ...(signal ? { signal } : {}) }
  const update = await runChild('apt-get', ['update', '-qq'], options)
  const result = await runChild('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], options)
  if (result.code !== 0) process.stderr.write(update.output + result.output)
  return result.code === 0
}
