import { expect, test } from './fixtures.ts'

// The built library, imported by a plain page: `/packages/core/index.js` as it lies in dist.
test.beforeEach(async ({ page, origin }) => {
  await page.goto(`${origin}/terminal/`)
})

test('loads, answers with and without streaming, counts, and leaves nothing on the GPU', async ({ page, models }) => {
  const seen = await page.evaluate(async (url) => {
    const core: typeof import('@sampan/core') = await import(
      /* @vite-ignore */ `${location.origin}/packages/core/index.js`
    )
    const fractions: number[] = []
    const model = await core.load(url, {
      backend: 'sampan',
      download: 'allow',
      onProgress: ({ fraction }) => fractions.push(fraction),
    })
    const messages = [{ role: 'user', content: 'Hello' } as const]
    const whole = await model.chat.completions.create({ messages, temperature: 0 })
    const stream = await model.chat.completions.create({ messages, temperature: 0, stream: true })
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    const before = await model.ledger()
    await model.dispose()
    return {
      whole,
      text,
      before,
      after: await model.ledger(),
      rising: fractions.every((f, i) => f >= (fractions[i - 1] ?? 0)),
      last: fractions.at(-1),
    }
  }, models.url('none'))
  expect(seen.text).toBe('Hello from a very small boat.')
  expect(seen.whole.choices[0]?.message.content).toBe(seen.text)
  expect(seen.whole.choices[0]?.finish_reason).toBe('stop')
  expect(seen.whole.usage.completion_tokens).toBeGreaterThan(3)
  expect(seen.before?.weights).toBeGreaterThan(50_000)
  expect(seen.after).toMatchObject({ weights: 0, keyValue: 0, activations: 0, state: 0, staging: 0, total: 0 })
  expect(seen.rising).toBe(true)
  expect(seen.last).toBe(1)
})

test('an abort ends a load with the reason, and an answer while it streams', async ({ page, models }) => {
  const seen = await page.evaluate(
    async ({ slow, good }) => {
      const core: typeof import('@sampan/core') = await import(
        /* @vite-ignore */ `${location.origin}/packages/core/index.js`
      )
      const loading = core.load(slow, { backend: 'sampan', download: 'allow', signal: AbortSignal.timeout(400) })
      const loadError = await loading.then(
        () => 'loaded',
        (error: Error) => error.name,
      )
      const model = await core.load(good, { backend: 'sampan', download: 'allow' })
      const controller = new AbortController()
      const messages = [{ role: 'user', content: 'Sing' } as const]
      const stream = await model.chat.completions.create(
        { messages, temperature: 0, stream: true },
        { signal: controller.signal },
      )
      let chunks = 0
      let streamError = 'none'
      try {
        for await (const _ of stream) if (++chunks === 4) controller.abort(new Error('enough'))
      } catch (error) {
        streamError = error instanceof Error ? error.message : String(error)
      }
      const again = await model.chat.completions.create({
        messages: [{ role: 'user', content: 'Thanks' }],
        temperature: 0,
      })
      await model.dispose()
      return { loadError, streamError, again: again.choices[0]?.message.content }
    },
    { slow: models.url('slow'), good: models.url('none') },
  )
  expect(seen).toEqual({ loadError: 'TimeoutError', streamError: 'enough', again: 'Fair winds!' })
})

test('typed errors cross the Worker', async ({ page, models }) => {
  const seen = await page.evaluate(async (url) => {
    const core: typeof import('@sampan/core') = await import(
      /* @vite-ignore */ `${location.origin}/packages/core/index.js`
    )
    const error: unknown = await core
      .load(url, { backend: 'sampan', download: 'allow' })
      .catch((reason: unknown) => reason)
    return core.SampanError.isInstance(error) ? { code: error.code, isError: error instanceof Error } : undefined
  }, models.url('missing'))
  expect(seen).toEqual({ code: 'source-not-found', isError: true })
})
