import { crc32c } from '@sampan/engine'
import type { RemoteModel } from '../hub/remote-model.ts'
import type { ModelIndex, ModelWriter } from '../store/store-types.ts'
import type { RemoteCheckpoint } from './remote-checkpoint.ts'

/** Puts the texts of a model, and all that its weights' files hold before their tensors, into the store. */
export async function storeTexts(
  writer: ModelWriter,
  model: RemoteModel,
  { textFiles, files }: RemoteCheckpoint,
): Promise<ModelIndex['texts']> {
  const named = [...textFiles, ...files.map(({ head }, index) => [model.weights[index]?.path ?? '', head] as const)]
  const texts: { name: string; offset: number; bytes: number; crc: number }[] = []
  for (const [name, bytes] of named) {
    const crc = crc32c(bytes)
    texts.push({ name, offset: await writer.append(bytes), bytes: bytes.length, crc })
  }
  return texts
}

/** Bytes that they take there. */
export function sizeOfTexts({ textFiles, files }: RemoteCheckpoint): number {
  const lengths = [...[...textFiles.values()].map(({ length }) => length), ...files.map(({ head }) => head.length)]
  return lengths.reduce((sum, length) => sum + Math.ceil(length / 16) * 16, 0)
}
