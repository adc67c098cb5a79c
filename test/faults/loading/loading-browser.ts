import type { Page } from 'playwright'
import type { ModelIndex } from '../../../packages/core/src/store/store-types.ts'
import { openTestPage, type TestPageOptions } from '../../../packages/core/src/test-support/test-page.ts'

/** What is left in a page's storage, told so that two of them can be compared. */
export interface StoredBytes {
  readonly id: string
  /** SHA-256 of all texts, by name, and all weights, in the order of the index, wherever they lie. */
  readonly data: string
  /** Of the model. */
  readonly hash: string | undefined
}

export interface BeginOptions {
  readonly token?: string
  /** `download` (the default) needs no GPU; `load` also makes a model of it, which `model` in the page's globals then is. */
  readonly how?: 'download' | 'load'
}

/** A tab that has imported Sampan's source. */
export interface LoadingTab {
  readonly page: Page
  /** Begins to download or load, without waiting. @param source of the hub at `hub` */
  begin(source: string, hub: string, options?: BeginOptions): Promise<void>
  /** How that ended: undefined, or the code of its error and its message. Waits for it. */
  ended(): Promise<string | undefined>
  /** Ends every Worker that was started here, without a word to anyone. */
  killWorkers(): Promise<void>
  /** What is stored, which must be one whole model. */
  stored(): Promise<StoredBytes>
  close(): Promise<void>
}

/** A browser whose tabs share one storage: a tab may be closed at any moment, and another goes on. */
export interface LoadingBrowser {
  open(): Promise<LoadingTab>
  /** Closes all tabs, and leaves the browser as for a visitor who was never there. */
  forget(): Promise<void>
  close(): Promise<void>
}

export async function openLoadingBrowser(options: TestPageOptions = { webgpu: false }): Promise<LoadingBrowser> {
  const test = await openTestPage(options)
  const url = test.page.url()
  const context = await test.page.context().browser()?.newContext()
  if (!context) throw new Error('no browser')
  const home = await context.newPage()
  await home.goto(url)
  const open = async (): Promise<LoadingTab> => {
    const page = await context.newPage()
    await page.addInitScript(rememberWorkers)
    await page.goto(url)
    // As text: Vitest would rewrite the import of a function.
    await page.evaluate(
      "Promise.all([import('/src/index.ts'), import('/src/store/model-file.ts')]).then(([core, file]) => void Object.assign(globalThis, { core, file }))",
    )
    return {
      page,
      begin: (source, hub, options = {}) => page.evaluate(begin, { source, hub, ...options }),
      ended: () => page.evaluate(() => Object(globalThis).ended),
      killWorkers: () =>
        page.evaluate(() => {
          for (const worker of Object(globalThis).workers.splice(0)) worker.terminate()
        }),
      stored: () => page.evaluate(readStored),
      close: () => page.close(),
    }
  }
  return {
    open,
    forget: async () => {
      for (const page of context.pages()) if (page !== home) await page.close()
      await home.evaluate(async () => {
        const root = await navigator.storage.getDirectory()
        for await (const name of root.keys()) await root.removeEntry(name, { recursive: true })
        for (const { name } of await indexedDB.databases()) if (name !== undefined) indexedDB.deleteDatabase(name)
      })
    },
    close: () => test.close(),
  }
}

/** What a tab has imported. */
interface Imported {
  readonly core: typeof import('@sampan/core')
  readonly file: { readonly readStoredFile: (file: Blob) => Promise<{ readonly index: ModelIndex }> }
}

/** In the page, before all else. */
function rememberWorkers(): void {
  const workers: Worker[] = []
  const Native = globalThis.Worker
  class Remembered extends Native {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      workers.push(this)
    }
  }
  Object.assign(globalThis, { workers, Worker: Remembered })
}

/** In the page. */
function begin(given: { readonly source: string; readonly hub: string } & BeginOptions): void {
  const { core }: Imported = Object(globalThis)
  const { source, hub, token, how = 'download' } = given
  const options = { hub, backend: 'sampan', ...(token !== undefined && { token }) } as const
  const done: Promise<unknown> =
    how === 'download'
      ? core.cache.download(source, options)
      : core.load(source, { ...options, download: 'allow' }).then((model) => Object.assign(globalThis, { model }))
  const ended = done.then(
    () => undefined,
    (error: unknown) => `${Object(error).code}: ${Object(error).message}`,
  )
  Object.assign(globalThis, { ended })
}

/** In the page. */
async function readStored(): Promise<StoredBytes> {
  const { core, file }: Imported = Object(globalThis)
  const models = await core.cache.list()
  const [model] = models
  if (!model || models.length !== 1 || model.state !== 'complete')
    throw new Error(`stored are ${JSON.stringify(models.map(({ id, state }) => [id, state]))}`)
  const blob = await core.cache.export(model.id)
  const { index } = await file.readStoredFile(blob)
  const { texts, tensors = [], pieces = [] } = index
  const sorted = texts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const places = [...sorted, ...tensors.flatMap(({ runs }) => runs), ...pieces]
  const parts = new Blob(places.map(({ offset, bytes }) => blob.slice(offset, offset + bytes)))
  const digest = await crypto.subtle.digest('SHA-256', await parts.arrayBuffer())
  const data = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { id: model.id, data, hash: index.hash }
}
