import { join } from 'node:path'
import { runChild } from '../setup/child.mjs'
import { cacheFolder, root } from '../setup/root.mjs'
import { hasSoftwareVulkan } from '../software-vulkan.mjs'
import { denoCommand } from './deno-command.mjs'
import { outcomeOfCode, sum, withExitCode } from './suite.mjs'

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
    /**
     * @param {readonly string[]} parameters
     * @param {'stdout' | 'none'} echo
     */
    const runMain = (parameters, echo) =>
      runChild(file, [...prefix, join(cacheFolder, 'deno-tests', 'main.mjs'), ...parameters], {
        cwd: root,
        env,
        echo,
        signal,
      })
    const list = await runMain([], 'none')
    if (list.code !== 0) {
      process.stdout.write(list.output)
      return outcomeOfCode(list.code)
    }
    /** @type {string[]} */
    const names = JSON.parse(list.output.split('\n').findLast((line) => line.startsWith('[')) ?? '[]')
    const outcomes = []
    for (const name of names) {
      const { code, output } = await runMain([name], 'stdout')
      outcomes.push(withExitCode(readCounts(output), code))
    }
    return sum(outcomes)
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
