import { join } from 'node:path'
import { root } from '../setup/root.mjs'
import { softwareVulkan } from '../software-vulkan.mjs'

/**
 * How to run a script in Deno, on the software adapter where the system brings none of its own.
 * @returns {{ file: string, prefix: string[], env: Record<string, string> }} the script and its arguments follow `prefix`
 */
export function denoCommand() {
  const deno = join(root, 'node_modules', 'deno-runtime', 'bin.cjs')
  const permissions = ['--no-prompt', '--allow-read', '--allow-env', '--allow-net', '--allow-sys']
  return {
    file: process.execPath,
    prefix: [deno, 'run', '--unstable-webgpu', ...permissions],
    env: {
      ...(process.platform === 'linux' ? softwareVulkan('lavapipe') : {}),
      NO_COLOR: '1',
      DENO_NO_UPDATE_CHECK: '1',
    },
  }
}
