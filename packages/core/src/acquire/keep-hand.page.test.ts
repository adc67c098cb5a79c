import { it } from 'vitest'
import { importCore, openTestPage } from '../test-support/test-page.ts'

const base = 'http://127.0.0.1:8977/'
const what = process.env['WHAT'] ?? 'Qwen2.5-Coder-0.5B-Instruct-Q4_K_M.gguf'
it('by hand', async () => {
  const test = await openTestPage({
    webgpu: process.env['GPU'] === '1',
    workerPrelude: process.env['PRELUDE'] ?? '',
    packages: ['idb-keyval'],
    isolated: true,
    flags: ['--enable-blink-features=ForceEagerMeasureMemory'],
  })
  test.page.on('console', (m) => console.log('page:', m.text()))
  for (let i = 0; i < Number(process.env['TIMES'] ?? 1); i++) {
    const r = await test.page.evaluate(
      async ({ source, mem, gpu, keep }) => {
        const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
        const out: Record<string, unknown> = {}
        await core.cache.clear()
        const measure = async (): Promise<number> =>
          (await Object(performance).measureUserAgentSpecificMemory()).bytes / 2 ** 20
        const idle = mem ? await measure() : 0
        let going = true
        const seen: number[] = []
        const sampling = (async () => {
          while (mem && going) seen.push((await measure()) - idle)
        })()
        const rates: number[] = []
        const steps: string[] = []
        let t = performance.now()
        if (keep) {
          await core.cache.download(source, {
            backend: 'sampan',
            onProgress: ({ phase, loaded, total, bytesPerSecond, secondsLeft, fraction }) => {
              if (bytesPerSecond) rates.push(bytesPerSecond / 2 ** 20)
              steps.push(
                `${((performance.now() - t) / 1000).toFixed(1)} ${phase} ${loaded}/${total} ${fraction.toFixed(3)} ${secondsLeft?.toFixed(1)}`,
              )
            },
          })
          out['downloadS'] = (performance.now() - t) / 1000
        }
        going = false
        await sampling
        out['memMost'] = Math.max(0, ...seen)
        out['memN'] = seen.length
        out['rate'] = rates.at(-1)
        out['steps'] = steps.filter((_, i) => i % Math.ceil(steps.length / 25) === 0)
        out['list'] = (await core.cache.list()).map(({ bytes, form }) => ({ bytes, form }))
        if (gpu) {
          const at: Record<string, number> = {}
          t = performance.now()
          const marks: string[] = []
          const m = await core.load(source, {
            backend: 'sampan',
            cache: keep,
            onProgress: ({ phase, loaded, total }) => {
              const k = `${phase} ${loaded === 0 ? 'begin' : loaded === total ? 'end' : 'mid'}`
              at[k] ??= performance.now() - t
              if (phase === 'weights')
                marks.push(`${((performance.now() - t) / 1000).toFixed(1)}:${(loaded / 2 ** 20).toFixed(0)}`)
            },
          })
          out['ready'] = (performance.now() - t) / 1000
          out['at'] = at
          out['marks'] = marks.filter((_, i) => i % Math.ceil(marks.length / 20) === 0)
          await m.dispose()
        }
        return out
      },
      {
        source: base + what,
        mem: process.env['MEM'] === '1',
        gpu: process.env['GPU'] === '1',
        keep: process.env['KEEP'] !== '0',
      },
    )
    console.log(JSON.stringify(r, null, 1))
  }
  await test.close()
}, 600_000)
void importCore
