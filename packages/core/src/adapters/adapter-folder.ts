import type { ModelSource } from '../backend.ts'
import { MAX_TEXT_BYTES, textTooLong } from '../sources/model-folder.ts'
import { adapterConfigName, adapterWeightsName, notAnAdapter, severalAdapters } from './adapter-names.ts'
import type { StoredAdapter } from './adapter-store.ts'

/** @throws SampanError `source-not-found`, `source-ambiguous`, `file-limit-exceeded` */
export async function adapterOfFolder({
  files,
  paths,
  name = 'the chosen folder',
}: ModelSource & { readonly kind: 'files' }): Promise<StoredAdapter> {
  const placed = new Map(files.map((file, index) => [paths?.[index] ?? file.name, file]))
  const { config, weights } = shallowest(placed, name)
  if (config.size > MAX_TEXT_BYTES) throw textTooLong(config.name)
  return { name, config: await config.text(), weights }
}

/** Training leaves the adapters of earlier steps in folders below that of the last. */
function shallowest(
  placed: ReadonlyMap<string, File>,
  name: string,
): { readonly config: File; readonly weights: File } {
  const found = [...placed].flatMap(([path, config]) => {
    if (path !== adapterConfigName && !path.endsWith(`/${adapterConfigName}`)) return []
    const folder = path.slice(0, -adapterConfigName.length)
    const weights = placed.get(folder + adapterWeightsName)
    return weights ? [{ folder, depth: folder.split('/').length, config, weights }] : []
  })
  const depth = Math.min(...found.map((one) => one.depth))
  const [first, ...more] = found.filter((one) => one.depth === depth)
  if (!first) throw notAnAdapter(name)
  if (more.length > 0)
    throw severalAdapters(
      name,
      [first, ...more].map(({ folder }) => folder),
    )
  return first
}
