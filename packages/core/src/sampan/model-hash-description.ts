import type { Checkpoint, MetadataValue } from '@sampan/engine'
import type { ModelTexts } from '../sources/open-checkpoint.ts'
import { sha256, sha256OfText } from './sha256.ts'

/** A part of a model's description: its name, how its bytes are to be read, and their digest. */
export type DescriptionDigest = readonly [name: string, kind: string, digest: string]

/** All that says how to run a model and how to talk to it, weights apart, in the order of names. */
export async function describeModelFiles(
  { config, metadata }: Pick<Checkpoint, 'config' | 'metadata'>,
  texts: ModelTexts,
): Promise<DescriptionDigest[]> {
  const digests: DescriptionDigest[] = [['config', 'json', await sha256OfText(toJson(sortedFields(config)))]]
  // One after another, so that only one large list is in memory twice.
  for (const [name, text] of Object.entries(texts).toSorted(byName))
    digests.push([`texts.${name}`, 'text', await sha256OfText(text)])
  for (const [key, value] of [...metadata].toSorted(byName)) digests.push(await metadataDigest(key, value))
  return digests
}

async function metadataDigest(key: string, value: MetadataValue): Promise<DescriptionDigest> {
  const name = `metadata.${key}`
  if (!ArrayBuffer.isView(value)) return [name, 'json', await sha256OfText(toJson(value))]
  const bytes = new Uint8Array(value.byteLength)
  bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  return [name, value.constructor.name, await sha256(bytes)]
}

/** JSON with what JSON has no words for. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part))) return { number: `${part}` }
    return ArrayBuffer.isView(part) && !(part instanceof DataView) ? { type: part.constructor.name, ...part } : part
  })
}

/** So that the order in which a parser writes its fields does not count. */
function sortedFields(fields: object): object {
  return Object.fromEntries(Object.entries(fields).toSorted(byName))
}

/** By code units: no locale has a say. */
function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b)
}
