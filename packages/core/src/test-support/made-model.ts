import { llamaTensors, llamaTexts, safetensorsHeader, smallLlama, type TensorShape } from './llama-folder.ts'

/** A folder of a llama with F16 weights made up, some 6 MiB a layer, and a tensor that no backend reads: by path, below `at`. */
export function madeModel(at: string, layers: number, unusedBytes = 0): Map<string, Buffer> {
  const shape = { ...smallLlama, layers }
  const unused: TensorShape[] =
    unusedBytes > 0 ? [['model.layers.0.self_attn.rotary_emb.inv_freq', [unusedBytes / 2]]] : []
  const files = new Map([...llamaTexts(shape)].map(([name, text]) => [at + name, text]))
  return files.set(`${at}model.safetensors`, weightsFile([...llamaTensors(shape), ...unused]))
}

function weightsFile(list: readonly TensorShape[]): Buffer {
  const { header, bytes } = safetensorsHeader(list)
  // Each place has a value of its own, so that bytes in a wrong one make another model.
  const values = Uint16Array.from({ length: bytes / 2 }, (_, index) => 0x2800 | (Math.imul(index, 0x9e37_79b1) >>> 22))
  return Buffer.concat([header, Buffer.from(values.buffer)])
}
