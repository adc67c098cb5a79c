import { expect, it, vi } from 'vitest'
import { runChild } from './child.mjs'
import { oneLine } from './failure.mjs'

const grandparent = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
  console.log(child.pid)
  setTimeout(() => {}, 60000)
`

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it.skipIf(process.platform === 'win32')(
  'an abort ends a program and what it started (Windows has no groups)',
  async () => {
    const controller = new AbortController()
    let pid = 0
    const running = runChild(process.execPath, ['-e', grandparent], {
      signal: controller.signal,
      onText(text) {
        pid = Number(text)
        controller.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
    expect(pid).toBeGreaterThan(1)
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5_000 })
  },
)

it('starts nothing once aborted', async () => {
  const running = runChild('/nowhere/program', [], { signal: AbortSignal.abort(new Error('too late')) })
  await expect(running).rejects.toThrow('too late')
})

it('gives output and exit code', async () => {
  expect(await runChild(process.execPath, ['-e', 'console.log(1); process.exit(3)'])).toEqual({
    code: 3,
    output: '1\n',
  })
})

it('tells a failure by its first line', () => {
  expect(oneLine(new Error('  it   broke\nBrowser logs:\n<launching> …'))).toBe('it broke')
  expect(oneLine('')).toBe('unknown failure')
})
