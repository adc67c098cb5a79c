// Answers cases in a process of its own (Dawn, npm `webgpu`): a software adapter uses about one core, so two processes use two.
import { readFile } from 'node:fs/promises'
import { importSource } from './import-source.mjs'

const [, , model = ''] = process.argv

// While it waits Dawn asks by setImmediate, again and again, whether the adapter is done: a core less for an adapter that computes on cores.
Object.assign(globalThis, { setImmediate: (/** @type {() => void} */ callback) => setTimeout(callback, 1) })

/** @param {() => Promise<Record<string, unknown>>} work */
async function report(work) {
  try {
    process.send?.(await work())
  } catch (error) {
    process.send?.({ kind: 'failure', message: error instanceof Error ? error.message : String(error) })
  }
}

process.on('disconnect', () => process.exit(0))
await report(async () => {
  await import('../tooling/dawn.mjs')
  const { openAnswering } = await importSource('answering.ts')
  const answering = await openAnswering(new Uint8Array(await readFile(model)), model)
  process.on('message', (entry) => report(async () => ({ kind: 'answer', answer: await answering.answer(entry) })))
  return { kind: 'ready', adapter: answering.adapter }
})
