import { createHash } from 'node:crypto'
import {
  llamaTensors,
  llamaTexts,
  safetensorsHeader,
  smallLlama,
  type TensorShape,
} from '../../../packages/core/src/test-support/llama-folder.ts'

/** A folder of a llama with F16 weights by a seed, in shards, with a tokenizer of letters. */
export interface SeededModel {
  readonly files: Readonly<Record<string, Buffer>>
  readonly weights: readonly string[]
  /** Of the weights' files. */
  readonly bytes: number
}

/**
 * @param layers of some 7 MB each
 * @param edit changes a file of weights before it is hashed
 */
export function seededModel(
  seed: number,
  layers: number,
  shardCount = 2,
  edit: (name: string, file: Buffer) => void = () => {},
): SeededModel {
  const shape = { ...smallLlama, layers }
  const all = llamaTensors(shape)
  const most = Math.ceil(all.length / shardCount)
  const shards = Array.from({ length: shardCount }, (_, index) => all.slice(index * most, (index + 1) * most))
  const names = shards.map((_, index) => `model-0000${index + 1}-of-0000${shards.length}.safetensors`)
  const map = Object.fromEntries(shards.flatMap((shard, index) => shard.map(([name]) => [name, names[index]])))
  const weights = shards.map((shard, index) => [names[index] ?? '', weightsFile(shard, seed + index)] as const)
  for (const [name, file] of weights) edit(name, file)
  const files: Record<string, Buffer> = {
    ...Object.fromEntries(llamaTexts(shape)),
    'model.safetensors.index.json': Buffer.from(JSON.stringify({ metadata: {}, weight_map: map })),
    ...Object.fromEntries(weights),
  }
  return { files, weights: names, bytes: weights.reduce((sum, [, file]) => sum + file.length, 0) }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function weightsFile(list: readonly TensorShape[], seed: number): Buffer {
  const { header, bytes } = safetensorsHeader(list)
  return Buffer.concat([header, halfNumbers(bytes, seed)])
}

/** Between 1/16 and 1/8, of either sign: xorshift with 32 bits for two numbers. */
function halfNumbers(bytes: number, seed: number): Buffer {
  const words = new Uint32Array(bytes / 4)
  let state = Math.imul(seed + 1, 0x9e37_79b1) | 1
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[at] = (state & 0x83ff_83ff) | 0x2c00_2c00
  }
  return Buffer.from(words.buffer)
}
