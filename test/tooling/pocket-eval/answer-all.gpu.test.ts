/// <reference types="node" />
import { describe, expect, it } from 'vitest'
import type { EvaluationCase } from '../../pocket-eval/src/evaluation-case.ts'

const says = (content: string): EvaluationCase => ({
  id: content,
  source: 'inside',
  task: 'inside',
  lang: 'en',
  messages: [{ role: 'user', content }],
  thinking: false,
  expected: { kind: 'inside' },
  copied: [],
  outside: false,
})

// What the command runs is Node; a page has no processes.
describe.skipIf('document' in globalThis)('answering in processes (in Node only)', () => {
  const run = async (model: string, signal: AbortSignal) => {
    const { answerAll } = await import('./answer-all.mjs')
    const { root } = await import('../setup/root.mjs')
    const done: string[] = []
    const cases = ['hello', 'thanks', 'bye'].map(says)
    const work = { model: `${root}${model}`, cases, processes: 2, browser: process.env['SAMPAN_BROWSER'] }
    const adapter = await answerAll(work, signal, ({ id }, { tokens }) => done.push(`${id} ${tokens}`))
    return { adapter, done }
  }

  it('answers every case once and ends its processes', async () => {
    const { adapter, done } = await run('packages/pocket/pocket.gguf', new AbortController().signal)
    expect([...done].sort()).toEqual(['bye 1', 'hello 1', 'thanks 1'])
    expect(adapter).not.toBe('')
  })

  it('says what is wrong with a model', async () => {
    await expect(run('package.json', new AbortController().signal)).rejects.toThrow(/GGUF/)
    await expect(run('no-such.gguf', new AbortController().signal)).rejects.toThrow(/no such file/)
  })

  it('ends when it is aborted', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 200)
    await expect(run('packages/pocket/pocket.gguf', controller.signal)).rejects.toThrow(/abort/i)
  })
})
