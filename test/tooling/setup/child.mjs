import { spawn } from 'node:child_process'

/**
 * Runs a program to its end.
 * @param {string} file
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, echo?: 'stdout' | 'stderr' | 'none', signal?: AbortSignal, shell?: boolean, onText?: (text: string) => void }} [options]
 *   `echo`: where its output is shown while it runs; it is collected in any case
 * @returns {Promise<{ code: number, output: string }>} both of its streams in order of arrival
 */
export function runChild(file, parameters, options = {}) {
  const { cwd, env, echo = 'none', signal, shell = false, onText } = options
  return new Promise((resolve, reject) => {
    const child = spawn(file, parameters, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      shell,
    })
    let output = ''
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      const text = chunk.toString('utf8')
      output += text
      onText?.(text)
      if (echo !== 'none') process[echo].write(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', reject)
    child.on('close', (code, killer) => resolve({ code: code ?? (killer === 'SIGINT' ? 130 : 1), output }))
  })
}
