import type { ModelSource } from '../backend.ts'
import type { HubDescription } from '../hub/hubs.ts'
import { plainUrl, sourceKey } from '../hub/source-key.ts'

/** What names a model in crash marks, the same each time that it is asked for, and for people. */
export function crashKey(
  source: ModelSource,
  hub: Pick<HubDescription, 'base'>,
): { readonly key: string; readonly name: string } {
  switch (source.kind) {
    case 'hub':
      return { key: sourceKey(source, hub), name: source.repository }
    case 'url': {
      return { key: sourceKey(source, hub), name: source.name ?? plainUrl(source.url) }
    }
    case 'blob':
      return { key: `${source.name} ${source.blob.size}`, name: source.name }
    case 'files': {
      const bytes = source.files.reduce((sum, { size }) => sum + size, 0)
      const name = source.name ?? source.files[0]?.name ?? ''
      return { key: `${name} ${bytes}`, name }
    }
    case 'mlc':
      return { key: `mlc:${source.id}`, name: source.id }
    case 'stored':
      return { key: source.id, name: source.id }
    case 'remote':
      return { key: source.model.key, name: source.model.name }
    default:
      return source satisfies never
  }
}
