import { join } from 'node:path'
import { runChild } from '../setup/child.mjs'
import { cacheFolder, root } from '../setup/root.mjs'
import { hasSoftwareVulkan } from '../software-vulkan.mjs'
import { denoCommand } from './deno-command.mjs'
import { notRun, outcomeOfCode, sum, withExitCode } from './suite.mjs'

const filesAtATime = 2

/** @type {import('./suite.mjs').Suite} */
export const denoSuite = {
  name: 'deno',
  says: 'the same on Naga/wgpu (Deno, lavapipe with f16)',
  async run({ signal }) {
    if (process.platform === 'linux' && !hasSoftwareVulkan('lavapipe')) {
      return notRun('no lavapipe: install mesa-vulkan-drivers')
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
    /** @param {readonly string[]} parameters */
    const runMain = (parameters) =>
      runChild(file, [...prefix, join(cacheFolder, 'deno-tests', 'main.mjs'), ...parameters], {
        cwd: root,
        env,
        signal,
      })
    const list = await runMain([])
    if (list.code !== 0) {
      process.stdout.write(list.output)
      return outcomeOfCode(list.code)
    }
    /** @type {string[]} */
    const names = JSON.parse(list.output.split('\n').findLast((line) => line.startsWith('[')) ?? '[]')
    if (names.length === 0) {
      process.stdout.write(' × the bundle holds no test files\n')
      return outcomeOfCode(1)
    }
    /** @type {import('./suite.mjs').Outcome[]} */
    const outcomes = []
    const waiting = names.values()
    const worker = async () => {
      for (const name of waiting) {
        const { code, output } = await runMain([name])
        // Written when a file has ended, so that two do not mix.
        process.stdout.write(output)
        outcomes.push(withExitCode(readCounts(output), code))
      }
    }
    await Promise.all(Array.from({ length: filesAtATime }, worker))
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
