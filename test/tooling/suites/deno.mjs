import { join } from 'node:path'
import { runChild } from '../setup/child.mjs'
import { cacheFolder, root } from '../setup/root.mjs'
import { hasSoftwareVulkan } from '../software-vulkan.mjs'
import { denoCommand } from './deno-command.mjs'
import { outcomeOfCode, withExitCode } from './suite.mjs'

/** @type {import('./suite.mjs').Suite} */
export const denoSuite = {
  name: 'deno',
  says: 'the same on Naga/wgpu (Deno, lavapipe with f16)',
  async run({ signal }) {
    if (process.platform === 'linux' && !hasSoftwareVulkan('lavapipe')) {
      return { passed: 0, failed: 0, notRun: 'no lavapipe: install mesa-vulkan-drivers' }
    }
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const bundle = await runChild(process.execPath, [vite, 'build', '--config', 'test/tooling/deno/vite.config.ts'], {
      cwd: root,
      signal,
    })
    if (bundle.code !== 0) {
      process.stdout.write(bundle.output)
      return outcomeOfCode(bundle.code)
    }
    const { file, prefix, env } = denoCommand()
    const script = join(cacheFolder, 'deno-tests', 'main.mjs')
    const { code, output } = await runChild(file, [...prefix, script], { cwd: root, env, echo: 'stdout', signal })
    return withExitCode(readCounts(output), code)
  },
}

/**
 * @param {string} output whose last line of JSON holds the counts
 * @returns {import('./suite.mjs').Outcome}
 */
function readCounts(output) {
  const line = output.split('\n').findLast((text) => /^\{"passed":\d+,"failed":\d+\}$/.test(text))
  if (line === undefined) return { passed: 0, failed: 1 }
  const { passed, failed } = JSON.parse(line)
  return { passed: Number(passed), failed: Number(failed) }
}
