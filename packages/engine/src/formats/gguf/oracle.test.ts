import { GGMLQuantizationType, gguf } from '@huggingface/gguf'
import { expect, test } from 'vitest'
import { goldenCasesFromDisk } from '../../../../../test/golden/golden-node.ts'
import { readGguf } from './read-gguf.ts'

const cases = (await goldenCasesFromDisk()).filter((golden) => golden.format === 'gguf')

/** A file of 100 KB at most, whole. */
async function wholeFile(golden: (typeof cases)[number]) {
  const { tensors } = await golden.open()
  const source = [...tensors.values()][0]?.source
  if (!source) throw new Error(`${golden.name} has no tensors`)
  return { source, bytes: await source.read(0, source.size) }
}

test.each(cases.map((golden) => [golden.name, golden] as const))(
  '%s reads as @huggingface/gguf reads it',
  async (_, golden) => {
    const { source, bytes } = await wholeFile(golden)
    const ours = await readGguf(source)
    const fetchBytes: typeof fetch = async (_input, init) => {
      const [, start = '0', end = ''] = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('range') ?? '') ?? []
      return new Response(bytes.slice(Number(start), Number(end) + 1), { status: 206 })
    }
    const theirs = await gguf('https://example.com/model.gguf', { fetch: fetchBytes })
    const { version, tensor_count: tensorCount, kv_count: metadataCount, ...metadata } = theirs.metadata
    expect(ours.version).toBe(version)
    expect(ours.tensors.size).toBe(Number(tensorCount))
    expect(ours.metadata.size).toBe(Number(metadataCount))
    expect(Object.fromEntries(ours.metadata)).toEqual(metadata)
    const [first] = theirs.tensorInfos
    const directory = theirs.tensorInfos.map((tensor) => [
      tensor.name,
      GGMLQuantizationType[tensor.dtype],
      tensor.shape.map(Number).reverse(),
      Number(tensor.offset - (first?.offset ?? 0n)),
    ])
    const start = ours.tensors.get(first?.name ?? '')?.start ?? 0
    expect(
      [...ours.tensors.values()].map((tensor) => [tensor.name, tensor.type, tensor.shape, tensor.start - start]),
    ).toEqual(directory)
    if (theirs.tensorDataOffset !== undefined)
      expect(start).toBe(Number(theirs.tensorDataOffset + (first?.offset ?? 0n)))
  },
)
