/// <reference types="vite/client" />
import type { ReadGoldenFile } from './golden.ts'

const files = import.meta.glob<string>(['./data/**/*'], { query: '?url&inline', import: 'default' })

/** Reads `data/` in every runtime that Vite serves or bundles for: each file is a module that holds its bytes. */
export const readGoldenData: ReadGoldenFile = async (name) => {
  const load = files[`./data/${name}`]
  if (!load) throw new Error(`There is no golden file ${name}`)
  return new Uint8Array(await (await fetch(await load())).arrayBuffer())
}
