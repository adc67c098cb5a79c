/// <reference types="node" />
import { open, readFile } from 'node:fs/promises'
import type { ByteSource } from '../../packages/engine/src/formats/byte-source.ts'
import { checkRange } from '../../packages/engine/src/formats/check-range.ts'
import { type GoldenCase, goldenCases } from './golden.ts'

const data = new URL('./data/', import.meta.url)

/** The golden checkpoints from this folder, in Node. */
export function goldenCasesFromDisk(): Promise<readonly GoldenCase[]> {
  return goldenCases((name) => readFile(new URL(name, data)))
}

export interface FileSource extends ByteSource, AsyncDisposable {}

/** A file on disk, read by ranges, as the engine would read a large one. */
export async function fileSource(path: string): Promise<FileSource> {
  const file = await open(path)
  const { size } = await file.stat()
  return {
    name: path,
    size,
    async read(start, end, signal) {
      signal?.throwIfAborted()
      checkRange(path, size, start, end)
      const bytes = new Uint8Array(end - start)
      await file.read(bytes, 0, bytes.byteLength, start)
      return bytes
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}
