import { readFileSync } from 'node:fs'
import { type MetadataValue, openGguf } from '@sampan/engine'
import { chatTemplateFromGguf, createChatTemplate, tokenizerFromGguf } from '@sampan/text'
import { samplingOfGguf } from '../../../../packages/core/src/sampan/sampling-defaults.ts'
import { mutateBytes } from '../mutate-bytes.ts'
import { mutateText } from '../mutate-text.ts'
import { type FuzzTarget, oneOf, type Pick, sourceOf } from '../target.ts'

type Metadata = ReadonlyMap<string, MetadataValue>
/** Pocket's tokens are most of its header; the rest is no more than this. */
const pocketHeaderBytes = 256 << 10

/** GGUF files from their first byte to a tokenizer that reads and a prompt that is written. */
export async function ggufTargets(root: string): Promise<readonly FuzzTarget[]> {
  const tiny = new Uint8Array(readFileSync(`${root}test/fixtures/tiny.gguf`))
  const pocket = new Uint8Array(readFileSync(`${root}packages/pocket/pocket.gguf`))
  const header = pocket.slice(0, pocketHeaderBytes)
  const { metadata } = await openGguf(sourceOf(tiny))
  const tinyHeader = tiny.slice(0, 16 << 10)
  return [
    {
      name: 'GGUF',
      weight: 8,
      run: async (pick) => {
        const bytes = mutateBytes(tinyHeader, pick)
        const size = pick(2) === 0 ? tiny.length : 2 ** 40
        useTexts((await openGguf(sourceOf(bytes, Math.max(size, bytes.length), 128 << 20))).metadata)
      },
    },
    {
      name: "GGUF, Pocket's header",
      weight: 1,
      run: async (pick) => {
        const bytes = mutateBytes(header, pick, pick(2) === 0 ? 2000 : header.length)
        const { metadata: read } = await openGguf(sourceOf(bytes, pocket.length, 128 << 20))
        if (pick(10) === 0) useTexts(read)
      },
    },
    { name: "GGUF's tokenizer and template", weight: 2, run: (pick) => useTexts(mutateMetadata(metadata, pick)) },
  ]
}

function useTexts(metadata: Metadata): void {
  samplingOfGguf(metadata)
  const source = chatTemplateFromGguf(metadata)
  if (source) createChatTemplate(source).render([{ role: 'user', content: 'Hello' }], { addGenerationPrompt: true })
  const tokenizer = tokenizerFromGguf(metadata)
  const ids = tokenizer.encode('Hello from 12 boats,\n 你好 <|im_end|>\0')
  tokenizer.decode(ids)
}

function mutateMetadata(metadata: Metadata, pick: Pick): Metadata {
  const changed = new Map(metadata)
  const keys = [...changed.keys()].filter((key) => /tokenizer|sampling/.test(key))
  for (let wounds = 1 + pick(2); wounds > 0; wounds--) {
    const key = oneOf(pick, keys)
    const value = changed.get(key)
    if (value === undefined || pick(8) === 0) changed.delete(key)
    else changed.set(key, pick(2) === 0 ? hostile(pick) : damaged(value, pick))
  }
  return changed
}

function hostile(pick: Pick): MetadataValue {
  return oneOf<MetadataValue>(pick, [
    '',
    'x'.repeat(70_000),
    -1,
    2 ** 53,
    Number.NaN,
    1n << 63n,
    true,
    [],
    ['', '', ''],
    [[['x']]],
    Array.from({ length: 50_000 }, (_, index) => `t${index}`),
    Float32Array.of(1, Number.NaN),
    Int32Array.of(-1, 3, 2 ** 31 - 1),
    BigUint64Array.of(1n),
    Uint8Array.of(),
  ])
}

function damaged(value: MetadataValue, pick: Pick): MetadataValue {
  if (typeof value === 'string') return mutateText(value, pick)
  if (typeof value === 'number') return value * oneOf(pick, [-1, 0.5, 2, 2 ** 40])
  if (!Array.isArray(value))
    return ArrayBuffer.isView(value) && 'slice' in value ? value.slice(0, pick(value.length + 1)) : value
  const list = value.filter((item) => typeof item === 'string')
  if (list.length !== value.length) return value.slice(0, pick(value.length + 1))
  for (let wounds = 1 + pick(3); wounds > 0; wounds--) {
    const at = pick(list.length)
    const text = list[at] ?? ''
    const kind = pick(4)
    if (kind === 0) list.splice(at, 1)
    else if (kind === 1) list.push(text)
    else
      list[at] =
        kind === 2 ? mutateText(text, pick) : oneOf(pick, ['', ' ', ' a', 'a ', 'a b c', '\ud800', 'x'.repeat(5000)])
  }
  return list
}
