import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const quiet = ['--silent', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier']

/** Runs npm in a folder: the one that runs us, so that no shell and no PATH is needed, else the one at hand. What it wrote. */
export async function runNpm(folder: string, ...parameters: readonly string[]): Promise<string> {
  const npm = process.env['npm_execpath']
  const { stdout } =
    npm && /^npm-cli\.c?js$/.test(basename(npm))
      ? await run(process.execPath, [npm, ...parameters, ...quiet], { cwd: folder })
      : await run('npm', [...parameters, ...quiet], { cwd: folder, shell: process.platform === 'win32' })
  return stdout.trim()
}
