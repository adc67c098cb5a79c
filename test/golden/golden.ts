import { bytesSource } from '../../packages/engine/src/formats/bytes-source.ts'
import type { Checkpoint } from '../../packages/engine/src/formats/checkpoint.ts'
import { openGguf } from '../../packages/engine/src/formats/gguf/open-gguf.ts'
import { openSafetensors } from '../../packages/engine/src/formats/safetensors/open-safetensors.ts'
import { shardFileNames } from '../../packages/engine/src/formats/safetensors/shard-index.ts'

/** Reads a file of `data/` by its name there (`qwen2-tied/config.json`), from a disk or over HTTP. */
export type ReadGoldenFile = (name: string) => Promise<Uint8Array>

/** What transformers computes in float32; see `make.py`. */
export interface GoldenReference {
  readonly name: string
  /** The longest prompt and its greedy continuation. */
  readonly tokens: readonly number[]
  /** Each prompt is the first `length` of `tokens`. */
  readonly prompts: readonly { readonly length: number; readonly greedy: readonly number[] }[]
  readonly vocabulary: number
  /** Largest |logit|. */
  readonly largestLogit: number
  /** Largest difference of `logits` from the same in float64: no float32 engine can be held to less. */
  readonly float32Error: number
  /** `[tokens.length, vocabulary]`: row i follows token i. */
  readonly logits: Float32Array
}

export interface GoldenCase {
  readonly name: string
  readonly format: 'gguf' | 'safetensors'
  readonly reference: GoldenReference
  /** The files as a user would give them to the loader. */
  readonly files: { readonly config?: string; readonly index?: string; readonly weights: readonly string[] }
  open(): Promise<Checkpoint>
}

interface CaseEntry {
  readonly name: string
  readonly format: 'gguf' | 'safetensors'
  readonly config?: string
  readonly index?: string
  readonly weights: readonly string[]
  readonly reference: string
}

/** All golden checkpoints. Nothing but the list and the references is read before a case is opened. */
export async function goldenCases(read: ReadGoldenFile): Promise<readonly GoldenCase[]> {
  const list: {
    cases: readonly CaseEntry[]
    references: Readonly<Record<string, Omit<GoldenReference, 'name' | 'logits'>>>
  } = JSON.parse(await readText(read, 'cases.json'))
  const references = new Map<string, GoldenReference>()
  for (const [name, reference] of Object.entries(list.references))
    references.set(name, { name, ...reference, logits: await readLogits(read, `${name}.logits.bin`) })
  return list.cases.map(({ name, format, reference: referenceName, ...files }) => {
    const reference = references.get(referenceName)
    if (!reference) throw new Error(`The golden case ${name} names the missing reference ${referenceName}`)
    return { name, format, reference, files, open: () => openCase(read, files) }
  })
}

async function openCase(read: ReadGoldenFile, files: GoldenCase['files']): Promise<Checkpoint> {
  if (files.config === undefined) {
    const [name = ''] = files.weights
    return openGguf(bytesSource(await read(name), name))
  }
  const folder = files.config.slice(0, files.config.lastIndexOf('/') + 1)
  const names =
    files.index === undefined
      ? files.weights
      : shardFileNames(await readText(read, files.index)).map((name) => folder + name)
  const weights = await Promise.all(names.map(async (name) => bytesSource(await read(name), name)))
  return openSafetensors({ config: await readText(read, files.config), weights })
}

async function readText(read: ReadGoldenFile, name: string): Promise<string> {
  return new TextDecoder().decode(await read(name))
}

async function readLogits(read: ReadGoldenFile, name: string): Promise<Float32Array> {
  return new Float32Array(new Uint8Array(await read(name)).buffer)
}
