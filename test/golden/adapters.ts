/// <reference types="vite/client" />
import { bytesSource } from '../../packages/engine/src/formats/bytes-source.ts'
import type { LoraAdapter } from '../../packages/engine/src/formats/lora/lora-adapter.ts'
import { openLora } from '../../packages/engine/src/formats/lora/open-lora.ts'
import { type GoldenCase, goldenCases } from './golden.ts'
import { readGoldenData } from './golden-data.ts'

/** What PEFT computes in float32 with adapters over a golden checkpoint; see `make_adapters.py`. */
export interface AdapterCase {
  readonly name: string
  readonly base: GoldenCase
  /** Prompt and greedy continuation. */
  readonly tokens: readonly number[]
  readonly greedy: readonly number[]
  readonly vocabulary: number
  readonly float32Error: number
  /** Largest difference that the adapters make. */
  readonly change: number
  /** `[tokens.length, vocabulary]` */
  readonly logits: Float32Array
  /** All of them in use at once. */
  open(): Promise<readonly LoraAdapter[]>
}

type Entry = Omit<AdapterCase, 'base' | 'logits' | 'open'> & {
  readonly base: string
  readonly adapters: readonly ({ readonly folder: string } | { readonly gguf: string })[]
  /** Default: the name. */
  readonly logits?: string
}

const files = import.meta.glob<string>(['./adapter-data/**/*'], { query: '?url&inline', import: 'default' })

export async function readAdapterData(name: string): Promise<Uint8Array> {
  const load = files[`./adapter-data/${name}`]
  if (!load) throw new Error(`There is no golden file ${name}`)
  return new Uint8Array(await (await fetch(await load())).arrayBuffer())
}

const readText = async (name: string): Promise<string> => new TextDecoder().decode(await readAdapterData(name))

export async function adapterCases(): Promise<readonly AdapterCase[]> {
  const bases = await goldenCases(readGoldenData)
  const entries: readonly Entry[] = JSON.parse(await readText('adapters.json'))
  return Promise.all(
    entries.map(async ({ base: baseName, adapters, logits, ...entry }) => {
      const base = bases.find(({ name }) => name === baseName)
      if (!base) throw new Error(`The golden adapter ${entry.name} names the missing checkpoint ${baseName}`)
      const bytes = await readAdapterData(`${logits ?? entry.name}.logits.bin`)
      const open = (): Promise<LoraAdapter[]> => Promise.all(adapters.map(openAdapter))
      return { ...entry, base, logits: new Float32Array(new Uint8Array(bytes).buffer), open }
    }),
  )
}

export async function openAdapter(files: Entry['adapters'][number]): Promise<LoraAdapter> {
  if ('gguf' in files) return openLora({ gguf: bytesSource(await readAdapterData(files.gguf), files.gguf) })
  const name = `${files.folder}/adapter_model.safetensors`
  const config = await readText(`${files.folder}/adapter_config.json`)
  return openLora({ config, weights: bytesSource(await readAdapterData(name), name) })
}
