import { crc32c } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import type { ModelIndex, ModelWriter } from '../store/store-types.ts'
import type { RemoteCheckpoint } from './remote-checkpoint.ts'

/** Puts the texts of a model, and all that its weights' files hold before their tensors, into the store. */
export async function storeTexts(
  writer: ModelWriter,
  model: RemoteModel,
  opened: RemoteCheckpoint,
): Promise<ModelIndex['texts']> {
  const texts: { name: string; offset: number; bytes: number; crc: number }[] = []
  for (const [name, text] of namedTexts(model, opened)) {
    const bytes = await bytesOf(text)
    const crc = crc32c(bytes)
    texts.push({ name, offset: await writer.append(bytes), bytes: bytes.length, crc })
  }
  return texts
}

/**
 * Whether what was stored when a download was begun is what its server has now.
 * @throws SampanError `source-changed`
 */
export async function checkTexts(
  stored: ModelIndex['texts'],
  model: RemoteModel,
  opened: RemoteCheckpoint,
): Promise<void> {
  for (const [name, text] of namedTexts(model, opened)) {
    const known = stored.find((text) => text.name === name)
    if (known?.bytes !== text.size || known.crc !== crc32c(await bytesOf(text)))
      throw new SampanError('source-changed', `${name} of ${model.name} has changed since its download was begun.`, {
        name,
      })
  }
}

function namedTexts(
  model: RemoteModel,
  { textFiles, files }: RemoteCheckpoint,
): readonly (readonly [name: string, text: Blob])[] {
  return [...textFiles, ...files.map(({ head }, index) => [model.weights[index]?.path ?? '', head] as const)]
}

/** Bytes that they take there. */
export function sizeOfTexts({ textFiles, files }: RemoteCheckpoint): number {
  const sizes = [...textFiles.values(), ...files.map(({ head }) => head)].map(({ size }) => size)
  return sizes.reduce((sum, size) => sum + Math.ceil(size / 16) * 16, 0)
}

async function bytesOf(text: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await text.arrayBuffer())
}
