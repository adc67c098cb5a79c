import { describe, expect, it } from 'vitest'
import { huggingFace } from '../hub/hubs.ts'
import { describeSource } from './describe-source.ts'

type Tree = { readonly [name: string]: Tree | string }

const model: Tree = {
  '.git': { 'config.json': 'x' },
  notes: { 'todo.txt': 'x' },
  tiny: { 'config.json': '{}', 'model.safetensors': 'w', additional_chat_templates: { 'tool_use.jinja': 't' } },
}

/** A handle, by all that is used of one. */
function handleOf(name: string, tree: Tree | string): object {
  if (typeof tree === 'string') return { kind: 'file', name, getFile: async () => new File([tree], name) }
  return {
    kind: 'directory',
    name,
    async *values() {
      for (const [inner, content] of Object.entries(tree)) yield handleOf(inner, content)
    },
  }
}

/** What `webkitGetAsEntry` gives: a few entries at a time, by callbacks. */
function entryOf(name: string, tree: Tree | string): object {
  const shared = { name, fullPath: `/${name}`, isFile: typeof tree === 'string', isDirectory: typeof tree !== 'string' }
  if (typeof tree === 'string') return { ...shared, file: (take: (file: File) => void) => take(new File([tree], name)) }
  const inner = Object.entries(tree)
  return {
    ...shared,
    createReader: () => ({
      readEntries: (take: (entries: object[]) => void) =>
        take(inner.splice(0, 1).map(([name, content]) => entryOf(name, content))),
    }),
  }
}

function describeGiven(source: object): ReturnType<typeof describeSource> {
  const given: { readonly source: Parameters<typeof describeSource>[0] } = Object({ source })
  return describeSource(given.source, huggingFace)
}

describe.each([
  ['a handle', handleOf],
  ['an entry', entryOf],
])('a folder that is dropped, as %s', (_, of) => {
  it('is the one model in it, with what lies below', async () => {
    expect(await describeGiven(of('dropped', model))).toMatchObject({
      kind: 'files',
      name: 'tiny',
      paths: ['config.json', 'model.safetensors', 'additional_chat_templates/tool_use.jinja'],
      files: [{ name: 'config.json' }, { name: 'model.safetensors' }, { name: 'tool_use.jinja' }],
    })
  })

  it('goes by its own name where the model is at its top', async () => {
    const { tiny = '' } = model
    expect(await describeGiven(of('dropped', tiny))).toMatchObject({ kind: 'files', name: 'dropped' })
  })

  it('may hold one GGUF file, or all parts of one', async () => {
    expect(await describeGiven(of('d', { sub: { 'm.gguf': 'GGUF' } }))).toMatchObject({ kind: 'blob', name: 'm.gguf' })
    const parts = { 'm-00002-of-00002.gguf': 'GGUF', 'm-00001-of-00002.gguf': 'GGUF' }
    const names = ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf']
    expect(await describeGiven(of('d', parts))).toMatchObject({
      kind: 'files',
      name: names[0],
      files: names.map((name) => ({ name })),
    })
    await expect(describeGiven(of('d', { ...parts, 'x.gguf': 'GGUF' }))).rejects.toMatchObject({
      code: 'source-ambiguous',
    })
  })

  it('is no folder of models, nor a whole disk', async () => {
    const two = { a: { 'config.json': '{}' }, b: { 'config.json': '{}' } }
    await expect(describeGiven(of('d', two))).rejects.toMatchObject({
      code: 'source-ambiguous',
      details: { folders: ['a/', 'b/'] },
    })
    let deep: Tree = { 'config.json': '{}' }
    for (let depth = 0; depth < 20; depth++) deep = { deep }
    await expect(describeGiven(of('d', deep))).rejects.toMatchObject({ code: 'source-invalid' })
    const wide = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`${index}`, 'x']))
    await expect(describeGiven(of('d', wide))).rejects.toMatchObject({ code: 'source-invalid' })
    await expect(describeGiven(of('d', {}))).rejects.toMatchObject({ code: 'source-not-found' })
  })
})

it('an entry may be a file, or one that is gone', async () => {
  expect(await describeGiven(entryOf('m.gguf', 'GGUF'))).toMatchObject({ kind: 'blob', name: 'm.gguf' })
  const gone = (_: unknown, fail: (error: DOMException) => void): void => fail(new DOMException('x', 'NotFoundError'))
  await expect(describeGiven({ ...entryOf('m.gguf', 'GGUF'), file: gone })).rejects.toMatchObject({
    code: 'source-not-found',
  })
})
