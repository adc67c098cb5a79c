import { spawn } from 'node:child_process'

const hasGroups = process.platform !== 'win32'

/**
 * Ends a child and all that it started.
 * @param {import('node:child_process').ChildProcess} child
 */
function endGroup(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    if (hasGroups) process.kill(-child.pid, 'SIGTERM')
    else child.kill()
  } catch {
    // It ended by itself in the meantime.
  }
}

/**
 * Runs a program to its end; the signal, or our own end, ends it and all that it started.
 * @param {string} file
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, echo?: 'stdout' | 'stderr' | 'none', signal?: AbortSignal, shell?: boolean, onText?: (text: string) => void }} [options]
 *   `echo`: where its output is shown while it runs; it is collected in any case
 * @returns {Promise<{ code: number, output: string }>} both of its streams in order of arrival
 */
export function runChild(file, parameters, options = {}) {
  const { cwd, env, echo = 'none', signal, shell = false, onText } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const child = spawn(file, parameters, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell,
      // A group of its own, so that what it starts in turn can be ended with it.
      detached: hasGroups,
    })
    const abort = () => {
      endGroup(child)
      reject(signal?.reason)
    }
    const leave = () => endGroup(child)
    signal?.addEventListener('abort', abort, { once: true })
    process.once('exit', leave)
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
    child.on('close', (code, killer) => {
      signal?.removeEventListener('abort', abort)
      process.removeListener('exit', leave)
      resolve({ code: code ?? (killer === 'SIGINT' ? 130 : 1), output })
    })
  })
}
