import { readFileSync } from 'node:fs'
import { openSafetensors } from '@sampan/engine'
import { mutateBytes } from '../mutate-bytes.ts'
import { mutateJson } from '../mutate-json.ts'
import { type FuzzTarget, sourceOf } from '../target.ts'

const lengthBytes = 8

/** Headers of safetensors files: as bytes, and as JSON with other values. */
export function safetensorsTargets(root: string): readonly FuzzTarget[] {
  const folder = `${root}test/fixtures/tiny/`
  const file = new Uint8Array(readFileSync(`${folder}model.safetensors`))
  const config = readFileSync(`${folder}config.json`, 'utf8')
  const headerBytes = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  const json = new TextDecoder().decode(file.subarray(lengthBytes, lengthBytes + headerBytes))
  const header = file.slice(0, lengthBytes + headerBytes)
  const open = (bytes: Uint8Array<ArrayBuffer>, size: number): Promise<unknown> =>
    openSafetensors({ config, weights: [sourceOf(bytes, Math.max(size, bytes.length), 128 << 20)] })
  return [
    {
      name: 'safetensors, bytes',
      weight: 8,
      // A large number of bytes first makes the reader ask for them all: few cases claim to have them.
      run: (pick) => open(mutateBytes(header, pick), pick(20) === 0 ? 2 ** 40 : file.length),
    },
    {
      name: 'safetensors, JSON',
      weight: 8,
      run: (pick) => {
        const text = new TextEncoder().encode(mutateJson(json, pick))
        const bytes = new Uint8Array(lengthBytes + text.length)
        new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
        bytes.set(text, lengthBytes)
        return open(bytes, file.length + text.length - headerBytes)
      },
    },
  ]
}
