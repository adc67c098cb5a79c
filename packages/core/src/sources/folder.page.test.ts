import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'

// Folders of real handles and entries: what a File loses on its way to a Worker is where it lay.
let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage()
  server = await serveModels()
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

it.each(['handle', 'files'] as const)(
  'a model in a folder in a folder loads, as %s',
  async (kind) => {
    const names = [...tinyFolder().keys()]
    const source = await test.page.evaluate(
      async ({ kind, origin, names }) => {
        const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
        const root = await navigator.storage.getDirectory()
        const dropped = await root.getDirectoryHandle('dropped', { create: true })
        const model = await dropped.getDirectoryHandle('tiny model', { create: true })
        const files: File[] = []
        for (const name of names) {
          const blob = await (await fetch(`${origin}/folder/${name}`)).blob()
          const handle = await model.getFileHandle(name, { create: true })
          const stream = await handle.createWritable()
          await stream.write(blob)
          await stream.close()
          const file = new File([blob], name)
          Object.defineProperty(file, 'webkitRelativePath', { value: `dropped/tiny model/${name}` })
          files.push(file)
        }
        const loaded = await core.load(kind === 'handle' ? dropped : files, { backend: 'sampan', bits: 16 })
        await loaded.dispose()
        await root.removeEntry('dropped', { recursive: true })
        return loaded.info.source
      },
      { kind, origin: server.url, names },
    )
    expect(source).toBe('tiny model')
  },
  60_000,
)
