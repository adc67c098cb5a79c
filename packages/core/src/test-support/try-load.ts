import type { Page } from 'playwright'
import { expect } from 'vitest'
import type { DownloadRequest } from '../acquire/download-request.ts'
import type { ModelInfo } from '../backend.ts'
import type { LoadOptions, LoadProgress } from '../load/load-types.ts'

type Options = Pick<LoadOptions, 'backend' | 'bits' | 'cache' | 'afterCrash' | 'hub'>

export interface TryOptions extends Options {
  /** Without it whoever is asked says no. */
  readonly download?: 'allow' | undefined
  /** The model is left as `model` among the page's globals; `recovered` resolves when it has lost its GPU and answers again. */
  readonly live?: boolean
}

/** How a load went. */
export interface Outcome {
  readonly text?: string | null | undefined
  readonly info?: ModelInfo
  readonly code?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly message?: string
  readonly asked: readonly DownloadRequest[]
  readonly told: readonly LoadProgress[]
}

/** Loads `source` in a page that has imported this package, asks it something and disposes. */
export function tryLoad(page: Page, source: string, options: TryOptions = {}): Promise<Outcome> {
  return page.evaluate(
    async ({ source, options: { download, live, ...options } }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const told: LoadProgress[] = []
      const asked: DownloadRequest[] = []
      let onRecovered = (): void => {}
      const recovered = new Promise<void>((resolve) => {
        onRecovered = resolve
      })
      try {
        const model = await core.load(source, {
          ...{ backend: 'sampan', ...options, onRecovered },
          onProgress: (progress) => void told.push(progress),
          download: (request) => {
            asked.push(request)
            return download === 'allow'
          },
        })
        if (live) Object.assign(globalThis, { model, recovered })
        const messages = [{ role: 'user', content: 'Hello' } as const]
        const { choices } = await model.chat.completions.create({ messages, temperature: 0, max_tokens: 20 })
        const info = { ...model.info }
        if (!live) await model.dispose()
        return { text: choices[0]?.message.content, info, asked, told }
      } catch (error) {
        const { code, details, message } = Object(error)
        return { code, details, message: String(message ?? error), asked, told }
      }
    },
    { source, options },
  )
}

/** No figure falls, and none is past its total. */
export function expectRising(told: readonly LoadProgress[]): void {
  let fraction = 0
  const loaded = new Map<string, number>()
  for (const progress of told) {
    expect(progress.fraction).toBeGreaterThanOrEqual(fraction)
    expect(progress.loaded).toBeGreaterThanOrEqual(loaded.get(progress.phase) ?? 0)
    expect(progress.loaded).toBeLessThanOrEqual(progress.total)
    fraction = progress.fraction
    loaded.set(progress.phase, progress.loaded)
  }
  expect(fraction).toBe(1)
}
