import type { BackendProgress } from '@sampan/core'
import { expect, it } from 'vitest'
import { LoadReporter } from './load-reporter.ts'

it("makes one rising run of web-llm's three", async () => {
  const seen: BackendProgress[] = []
  const reporter = new LoadReporter({ model: 'http://x/', model_id: 'x', model_lib: 'x' }, (progress) =>
    seen.push(progress),
  )
  const texts = ['Start to fetch params', 'Fetching param cache[1/2]', 'Fetching param cache[2/2]']
  const rest = ['Loading model from cache[1/2]', 'Loading model from cache[2/2]', 'Loading GPU shader modules[1/2]']
  for (const [index, text] of [...texts, ...rest].entries())
    reporter.report({ text, progress: [0, 0.5, 1, 0.5, 1, 0.5][index] ?? 0, timeElapsed: 0 })
  await reporter.bytes
  const weights = seen.filter(({ phase }) => phase === 'weights').map(({ loaded, total }) => loaded / total)
  expect(weights).toEqual([0.25, 0.5, 0.75, 1])
  expect(seen.filter(({ phase }) => phase === 'open').map(({ loaded }) => loaded)).toEqual([0, 1])
  expect(seen.filter(({ phase }) => phase === 'compile').map(({ loaded }) => loaded)).toEqual([0.5])
})
